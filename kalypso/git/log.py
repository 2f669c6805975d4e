"""Commits between two states of a branch: what a reviewer reads to know who changed what."""

from __future__ import annotations

from itertools import starmap
from pathlib import Path

from kalypso.errors import Position
from kalypso.git.problems import unreadable
from kalypso.git.run import GitFailed, git
from kalypso.model import LoggedCommit

_FIELDS = "%H%x00%an%x00%s"
"""Ended by NUL: the one character that neither a name nor a subject can hold."""


def commits_since(repository: Path, old: str, new: str, most: int) -> tuple[LoggedCommit, ...]:
    """Return the commits that a branch got, newest first, merges left out.

    Args:
        repository: A local repository.
        old: Commit that the branch was at; empty for the newest commit alone.
        new: Commit that it is at.
        most: How many to return at most.

    Raises:
        SourceError: One of the commits does not exist.
    """
    span = [f"{old}..{new}"] if old else [new]
    number = most if old else 1
    merges = ["--no-merges"] if old else []
    try:
        out = git(
            "log", "-z", *merges, f"--max-count={number}", f"--format=tformat:{_FIELDS}", *span,
            "--", repository=repository,
        )  # fmt: skip
    except GitFailed as error:
        raise unreadable(error, Position(str(repository))) from error
    fields = iter(out.decode(errors="replace").split("\0"))
    return tuple(starmap(LoggedCommit, zip(fields, fields, fields, strict=False)))
