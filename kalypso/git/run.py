"""Starting git: an argument list, an environment without surprises, a time-out."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from kalypso.errors import KalypsoError, Position
from kalypso.git.address import mask

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
    "core.quotePath": "false",
    "gc.auto": "0",
    "i18n.commitEncoding": "UTF-8",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "30",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "protocol.file.allow": "never",
    "receive.autogc": "false",
}
"""Configuration that wins over every file: no hooks, no helpers, no work in the background."""

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


class GitFailed(KalypsoError):  # noqa: N818 - reads as what happened, like subprocess.TimeoutExpired
    """Git ended with an error; the message is its last line, credentials masked."""

    code = "git"
    output: str = ""
    """All that git wrote to its error stream, masked."""


def environment(overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that git is started with.

    Args:
        overrides: Configuration that is added to our own, by key.
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
    kept.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    kept["LC_ALL"] = "C"
    return kept


def git(
    *arguments: str,
    repository: Path | None = None,
    stdin: bytes | Iterable[bytes] = b"",
    seconds: float = LOCAL_SECONDS,
    variables: Mapping[str, str] | None = None,
) -> bytes:
    """Run git and return what it printed.

    Args:
        *arguments: The command and its arguments; user text must be checked by
            `kalypso.git.address` or stand behind ``--``.
        repository: Folder of the repository, bare or not.
        stdin: Sent to git's input; parts are sent one after the other, and are not kept.
        seconds: Time after which git and its children are ended.
        variables: Environment variables on top of ours.

    Raises:
        GitFailed: Git is not installed, ended with an error, or took too long.
    """
    place = ["--git-dir", str(git_dir(repository))] if repository else []
    at = Position(mask(str(repository)) if repository else "git")
    try:
        process = subprocess.Popen(
            ["git", *place, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment(), **(variables or {})},
            start_new_session=True,  # so that git and its children end together
        )
    except FileNotFoundError:
        raise GitFailed("git is not installed", at, "install git 2.34 or later") from None
    with _lock:
        _running.add(process)
    try:
        if not isinstance(stdin, bytes):
            _send(process, stdin)
        given = stdin if isinstance(stdin, bytes) else None
        out, err = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise GitFailed(
            f"git {arguments[0]} did not finish within {seconds:g} s", at, "try again later"
        ) from None
    finally:
        _end(process)
        _close(process)
        with _lock:
            _running.discard(process)
    if process.returncode:
        raise _failure(arguments[0], process.returncode, err.decode(errors="replace"), at)
    return out


def _send(process: subprocess.Popen[bytes], parts: Iterable[bytes]) -> None:
    """Send parts while the answer is read; git that ends early says itself why."""
    pipe, process.stdin = process.stdin, None
    assert pipe is not None  # noqa: S101 - it was asked for

    def send() -> None:
        with contextlib.suppress(OSError), pipe:
            pipe.writelines(parts)

    threading.Thread(target=send, daemon=True).start()


def git_dir(repository: Path) -> Path:
    """Return the folder that holds the objects: the folder itself, or its ``.git``.

    A ``.git`` file of a linked work tree is resolved by git itself.
    """
    inner = repository / ".git"
    if inner.is_file():
        pointer = inner.read_text(errors="replace").removeprefix("gitdir:").strip()
        return (repository / pointer).resolve()
    return inner if inner.is_dir() else repository


def stop_all() -> None:
    """End every git that this process has started; for a process that must stop at once."""
    with _lock:
        for process in _running:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


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
