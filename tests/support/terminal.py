"""A command on a terminal of its own, answered as a person does."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_CTRL_C = b"\x03"
_SECONDS = 120.0
_AGAIN_SECONDS = 5.0
"""After which a person presses Ctrl-C again."""
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Terminal:
    """A program on a terminal."""

    def __init__(self, process: subprocess.Popen[bytes], handle: int) -> None:
        self._process, self._handle = process, handle
        self.shown = ""

    def until(self, text: str) -> None:
        """Read until a text is shown."""
        start, end = len(self.shown), time.monotonic() + _SECONDS
        while text not in self.shown[start:]:
            chunk = self._read(end)
            assert chunk, f"{text!r} was not shown, but {self.shown[start:]!r}"
            self.shown += chunk

    def types(self, text: str) -> None:
        os.write(self._handle, text.encode())

    def ends(self) -> int:
        """Read to the end; return the exit code."""
        end = time.monotonic() + _SECONDS
        while chunk := self._read(end):
            self.shown += chunk
        return self._process.wait(timeout=_SECONDS)

    def interrupted(self) -> int:
        """Press Ctrl-C until it ends; return the exit code.

        A program misses one that comes between its question and its waiting for an answer, which
        no person is quick enough for.
        """
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            os.write(self._handle, _CTRL_C)
            again = time.monotonic() + _AGAIN_SECONDS
            while chunk := self._read(again):
                self.shown += chunk
            if chunk is None:
                break
        return self._process.wait(timeout=_SECONDS)

    def _read(self, end: float) -> str | None:
        """Return what was shown; nothing if it is late, and None if the program has ended."""
        ready, _, _ = select.select([self._handle], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return ""
        try:
            chunk = os.read(self._handle, 4096)
        except OSError:  # how Linux says that the other side is closed
            return None
        return _ESCAPES.sub("", chunk.decode(errors="replace")).replace("\r\n", "\n")


@contextmanager
def terminal(words: Sequence[str], folder: Path) -> Iterator[Terminal]:
    """Start `kalypso` with a terminal as its input and output."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from kalypso.cli import main; main()", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - this process has no threads
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _hear_ctrl_c() -> None:
    """Make its input the terminal that a new session hears Ctrl-C from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
