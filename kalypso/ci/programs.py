"""Starting programs: by name from PATH, with argument lists, and with the job's variables."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

from kalypso.ci.console import Console
from kalypso.errors import Position, SourceError

SIGNALLED = 128
"""Added to the number of the signal that ended a program, as shells do."""


class Done(msgspec.Struct, frozen=True):
    """What came of a program."""

    code: int
    out: str
    err: str


def run_kalypso(*arguments: str, folder: Path, variables: Mapping[str, str]) -> Done:
    """Run a command of Kalypso in a process of its own.

    Args:
        *arguments: The command and its arguments.
        folder: Where it is run; places of problems are relative to it.
        variables: Its environment.

    Raises:
        SourceError: There is no such folder, or no `kalypso` on PATH.
    """
    try:
        done = subprocess.run(
            ["kalypso", *arguments],
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        at = Position(str(error.filename or "kalypso"))
        raise SourceError(f"this cannot be used: {error.strerror}", at) from None
    return Done(exit_code(done.returncode), decoded(done.stdout), decoded(done.stderr))


def stream_kalypso(
    *arguments: str, folder: Path, variables: Mapping[str, str], console: Console
) -> int:
    """Run a command of Kalypso in a process of its own, heard while it runs.

    Args:
        *arguments: The command and its arguments.
        folder: Where it is run.
        variables: Its environment.
        console: The job's log.

    Returns:
        Its exit code.

    Raises:
        SourceError: There is no such folder, or no `kalypso` on PATH.
    """
    try:
        process = subprocess.Popen(
            ["kalypso", *arguments],
            cwd=folder,
            env={**variables, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        at = Position(str(error.filename or "kalypso"))
        raise SourceError(f"this cannot be used: {error.strerror}", at) from None
    with process:
        for line in process.stdout or ():
            console.show(decoded(line))
    return exit_code(process.returncode)


def decoded(output: bytes) -> str:
    """Return the text of an output; line breaks stay as they are, for content may hold some."""
    return output.decode("utf-8", "replace")


def exit_code(code: int) -> int:
    """Return the exit code that a shell gives to how a program ended."""
    return SIGNALLED - code if code < 0 else code
