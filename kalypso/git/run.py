"""Starting git: an argument list, an environment without surprises, a time-out."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from kalypso.errors import KalypsoError, Position
from kalypso.git.address import mask
from kalypso.git.layout import layout_of
from kalypso.git.printed import printed_by
from kalypso.git.view import view

LOCAL_SECONDS = 120.0
"""How long git may work on a repository of this machine."""
REMOTE_SECONDS = 300.0
"""How long git may talk with another machine."""

_KEPT = {
    "GIT_ASKPASS",
    "GIT_CONFIG_GLOBAL",
    "GIT_PROXY_COMMAND",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_NO_VERIFY",
}
"""Variables of git that say how to reach a remote; the others could redirect us elsewhere."""

_OVERRIDES = {
    "core.autocrlf": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.logAllRefUpdates": "false",
    "core.quotePath": "false",
    "gc.auto": "0",
    "i18n.commitEncoding": "UTF-8",
    "log.showSignature": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "30",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "protocol.file.allow": "never",
    "receive.autogc": "false",
}
"""Configuration that wins over every file: no hooks, no helpers, no work in the background."""

Reach = Literal["objects", "settings", "network"]

_GRACE_SECONDS = 2.0
"""How long a git may take to remove its locks before it is killed."""

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


class GitFailed(KalypsoError):
    """Git ended with an error; the message is its last line, credentials masked."""

    code = "git"
    output: str = ""
    """All that git wrote to its error stream, masked."""


def environment(
    overrides: Mapping[str, str] | None = None, *, reaching: bool = False
) -> dict[str, str]:
    """Return the variables that git is started with.

    Args:
        overrides: Configuration that is added to our own, by key.
        reaching: Whether git may talk with another machine, or start what does.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in _KEPT}
    settings = {**_OVERRIDES, **(overrides or {})}
    for number, (key, value) in enumerate(settings.items()):
        kept[f"GIT_CONFIG_KEY_{number}"] = key
        kept[f"GIT_CONFIG_VALUE_{number}"] = value
    kept["GIT_CONFIG_COUNT"] = str(len(settings))
    kept["GIT_TERMINAL_PROMPT"] = "0"
    kept["GIT_NO_REPLACE_OBJECTS"] = "1"
    kept["GIT_OPTIONAL_LOCKS"] = "0"
    kept["GIT_NO_LAZY_FETCH"] = "1"
    if not reaching:
        kept["GIT_ALLOW_PROTOCOL"] = "none"  # stronger than any configuration; so is its absence
    kept.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    kept["LC_ALL"] = "C"
    return kept


def git(  # noqa: PLR0913 - each bounds what git may do in another way
    *arguments: str,
    repository: Path | None = None,
    stdin: bytes | Iterable[bytes] = b"",
    seconds: float = LOCAL_SECONDS,
    variables: Mapping[str, str] | None = None,
    reach: Reach = "objects",
    most: int = 0,
) -> bytes:
    """Run git and return what it printed.

    Args:
        *arguments: The command and its arguments; user text must be checked by
            `kalypso.git.address` or stand behind ``--``.
        repository: Folder of the repository, bare or not.
        stdin: Sent to git's input; parts are sent one after the other, and are not kept.
        seconds: Time after which git and its children are ended.
        variables: Environment variables on top of ours.
        reach: How far git gets: to the objects and refs of the repository; to its settings, of
            one that we made for ourselves; or from there to other machines.
        most: Bytes that it may print; any number if 0. Git is ended when it prints more; such a
            git gets no input.

    Raises:
        GitFailed: Git is not installed, ended with an error, or took too long.
        TooMuchPrinted: Git printed more than it may.
        SourceError: The repository leads to another folder, or belongs to another user.
    """
    at = Position(mask(str(repository)) if repository else "git")
    env = {**environment(reaching=reach == "network"), **(variables or {})}
    with contextlib.ExitStack() as stack:
        folder = repository
        if repository and reach == "objects":
            folder = stack.enter_context(shown_to_git(repository, command=arguments[0]))
        place = ["--git-dir", str(folder)] if folder else []
        try:
            return _run([*place, *arguments], stdin, seconds, env, most)
        except _Ended as ended:
            output = ended.output
            if folder and repository:  # a reader knows the repository, and not what we made of it
                output = output.replace(str(folder), str(repository))
            raise _failure(arguments[0], ended.status, output, at) from None
        except FileNotFoundError:
            raise GitFailed("git is not installed", at, "install git 2.34 or later") from None
        except subprocess.TimeoutExpired:
            raise GitFailed(
                f"git {arguments[0]} did not finish within {seconds:g} s", at, "try again later"
            ) from None


@contextmanager
def shown_to_git(repository: Path, name: str = "", command: str = "") -> Iterator[Path]:
    """Make what git may see of a repository: see `kalypso.git.view`.

    Args:
        repository: Its folder, bare or not.
        name: How the folder is called that git gets.
        command: What git is asked for, as messages name it.

    Raises:
        GitFailed: The folder is not a repository, or there is no room for a temporary folder.
        SourceError: The repository leads to another folder, or belongs to another user.
    """
    at = Position(mask(str(repository)))
    layout = layout_of(repository)
    if layout is None:
        raise _failure(command, 128, f"fatal: not a git repository: '{repository}'", at)
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(view(layout, name))
        except OSError as error:
            raise GitFailed(
                f"git {command}: a temporary folder cannot be made: {error.strerror}",
                at,
                "set TMPDIR to a folder that this user may write and that has room",
            ) from error
        yield folder


class _Ended(Exception):
    """Git ended with an error."""

    def __init__(self, status: int, output: str) -> None:
        super().__init__(status, output)
        self.status, self.output = status, output


def _run(
    arguments: list[str],
    stdin: bytes | Iterable[bytes],
    seconds: float,
    variables: Mapping[str, str],
    most: int,
) -> bytes:
    process = subprocess.Popen(
        ["git", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=variables,
        start_new_session=True,  # so that git and its children end together
    )
    with _lock:
        _running.add(process)
    try:
        if most:
            out, err = printed_by(process, most, seconds)
        else:
            if not isinstance(stdin, bytes):
                _send(process, stdin)
            given = stdin if isinstance(stdin, bytes) else None
            out, err = process.communicate(given, timeout=seconds)
    finally:
        end(process)
        _close(process)
        with _lock:
            _running.discard(process)
    if process.returncode:
        raise _Ended(process.returncode, err.decode(errors="replace"))
    return out


def _send(process: subprocess.Popen[bytes], parts: Iterable[bytes]) -> None:
    """Send parts while the answer is read; git that ends early says itself why."""
    pipe, process.stdin = process.stdin, None
    assert pipe is not None  # noqa: S101 - it was asked for

    def send() -> None:
        with contextlib.suppress(OSError), pipe:
            pipe.writelines(parts)

    threading.Thread(target=send, daemon=True).start()


@contextmanager
def started(
    *arguments: str, stdin: IO[bytes], variables: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run git beside us, with a pipe from it; it ends with the context at the latest.

    Args:
        *arguments: As for `git`.
        stdin: A file that it reads.
        variables: The whole environment.

    Raises:
        GitFailed: Git is not installed.
    """
    try:
        process = subprocess.Popen(
            ["git", *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=variables,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise GitFailed(
            "git is not installed", Position("git"), "install git 2.34 or later"
        ) from None
    with _lock:
        _running.add(process)
    try:
        yield process
    finally:
        end(process)
        _close(process)
        with _lock:
            _running.discard(process)


def stop_all() -> None:
    """End every git that this process has started; for a process that must stop at once."""
    with _lock:
        for process in _running:
            _signal(process, signal.SIGTERM)
        for process in _running:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a git and its children; nothing happens to one that has ended and is known to have.

    Git is asked first: a git that is killed in the middle of a write leaves its lock in the
    repository, and every later write fails on it.
    """
    if process.returncode is not None:
        return
    _signal(process, signal.SIGTERM)
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _close(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes, which stay open where communication ended early."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()


def _failure(command: str, status: int, err: str, at: Position) -> GitFailed:
    output = mask(err).strip()
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if status < 0:
        lines.append(f"ended by {signal.Signals(-status).name}")
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
    last = (telling or lines or [f"exit code {status}"])[-1]
    failed = GitFailed(f"git {command}: {last.removeprefix('fatal: ')}", at)
    failed.output = output
    return failed
