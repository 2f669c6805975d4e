"""Commits between two states of a branch: what a reviewer reads to know who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kalypso.errors import Position
from kalypso.git.problems import unreadable
from kalypso.git.run import GitFailed, git

_END = "\x1e"
_FIELDS = "%H%x00%an%x00%s%x1e"


@dataclass(frozen=True, slots=True)
class LoggedCommit:
    """A commit as a log shows it."""

    commit: str
    author: str
    subject: str


def commits_since(repository: Path, old: str, new: str, most: int) -> tuple[LoggedCommit, ...]:
    """Return the commits that a branch got, newest first, merges left out.

    Args:
        repository: A local repository.
        old: Commit that the branch was at; empty for the newest commit alone.
        new: Commit that it is at.
        most: How many to return at most.

    Raises:
        SourceError: One of the commits is not there.
    """
    span = [f"{old}..{new}"] if old else [new]
    number = most if old else 1
    merges = ["--no-merges"] if old else []
    try:
        out = git(
            "log", *merges, f"--max-count={number}", f"--format=tformat:{_FIELDS}", *span, "--",
            repository=repository,
        )  # fmt: skip
    except GitFailed as error:
        raise unreadable(error, Position(str(repository))) from error
    records = out.decode(errors="replace").split(_END)
    fields = [record.strip("\n").split("\0") for record in records if record.strip()]
    return tuple(LoggedCommit(commit, author, subject) for commit, author, subject in fields)
