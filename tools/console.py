"""Telling what happens, and running commands so that long work shows that it lives."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

_HEARTBEAT_SECONDS = 15.0
_LAST_LINES = 40


class Stop(Exception):
    """The work cannot go on; the message says why, and what to do."""


def say(text: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def step(text: str) -> None:
    """Announce the next piece of work."""
    say(f"==> {text}")


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    seconds: float | None = None,
) -> str:
    """Run a command, show every few seconds that it is still working, and return its output.

    Args:
        command: Program and arguments.
        what: What is going on, for the lines that are shown.
        env: Environment of the command; ours if it is not given.
        folder: Where it runs.
        seconds: Time after which it is given up.

    Raises:
        Stop: The command failed; the end of its output is in the message.
    """
    start = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            process = subprocess.Popen(
                [str(word) for word in command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        except OSError as error:
            raise Stop(f"{what}: cannot start {command[0]}: {error.strerror}") from error
        try:
            _wait(process, what, start, seconds)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        output.seek(0)
        text = output.read()
    if process.returncode:
        last = "\n".join(f"    {line}" for line in text.splitlines()[-_LAST_LINES:])
        raise Stop(f"{what} failed (exit code {process.returncode}):\n{last}")
    return text


def ask(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str | None:
    """Return what a short command prints, or None if it fails or does not exist."""
    try:
        done = subprocess.run(
            [str(word) for word in command], env=env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def stop(message: str) -> NoReturn:
    """Say why it cannot go on, and end."""
    sys.stderr.write(f"\nstopped: {message}\n")
    sys.exit(1)


def _wait(
    process: "subprocess.Popen[bytes]", what: str, start: float, seconds: float | None
) -> None:
    while True:
        try:
            process.wait(_HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            passed = time.monotonic() - start
            if seconds is not None and passed > seconds:
                raise Stop(f"{what} did not finish within {seconds:.0f} s") from None
            say(f"    {what}: still working, {passed:.0f} s so far")
        else:
            return
