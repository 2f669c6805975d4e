"""The entries of a tree, listed by git and only up to a bound.

A few kilobytes of trees that hold each other can name billions of files: the list is read as it
comes, and git is ended when there are too many.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git.printed import TooMuchPrinted
from kalypso.git.run import git

MOST_OF_MODEL = 100_000
"""Entries of a tree of which only some files are wanted, as of an application's repository."""
MOST_ENTRIES = 400_000
"""Entries of any other tree: a GitOps branch has a few files for each assignment."""
_BYTES_PER_ENTRY = 256
"""Far more than an entry has on average."""


class Entry(msgspec.Struct, frozen=True):
    """A file, link or submodule of a tree."""

    mode: str
    what: str
    """``blob``, or ``commit`` for a submodule."""
    object_id: str
    path: str


def list_entries(folder: Path, *arguments: str, at: Position, most: int) -> list[Entry]:
    """List what a tree holds at any depth.

    Args:
        folder: The repository.
        *arguments: A tree or commit; then ``--`` and a folder of it, if not all is listed.
        at: How messages name it.
        most: How many entries there may be.

    Raises:
        GitFailed: Git cannot read the tree.
        SourceError: The tree has too many entries.
    """
    options = ("-r", "-z", "--full-tree")
    try:
        out = git("ls-tree", *options, *arguments, repository=folder, most=most * _BYTES_PER_ENTRY)
    except TooMuchPrinted:
        raise _too_many(most, at) from None
    if out.count(b"\0") > most:
        raise _too_many(most, at)
    return [_entry(line) for line in out.decode(errors="surrogateescape").split("\0")[:-1]]


def _entry(line: str) -> Entry:
    about, _, path = line.partition("\t")
    mode, what, object_id = about.split()
    return Entry(mode, what, object_id, path)


def _too_many(most: int, at: Position) -> SourceError:
    return SourceError(
        f"the tree has more than {most:,} files",
        at,
        "point at a folder of the repository with less in it",
        code="too-large",
    )
