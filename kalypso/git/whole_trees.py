"""Trees that were written whole: what their commit changes, and whether all of it is there.

Files are counted, and not kept: there may be millions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec

from kalypso.errors import Position
from kalypso.git.problems import unreadable
from kalypso.git.run import GitFailed, git
from kalypso.git.write import Entry

_WALK_SECONDS = 600.0
"""How long git may walk the new objects of a fleet: a million assignments take it some twenty."""


class Differing(msgspec.Struct, frozen=True):
    """Which files differ in two trees, by number."""

    numbers: Mapping[str, int]
    """Of each letter by which git says what happened to a file: A, D, M, T."""
    first: Mapping[str, str]
    """The letters of the first few, by path, sorted."""


def as_whole(tree: str) -> Mapping[str, Entry]:
    """Return what makes a commit hold exactly a tree, as changes of any other."""
    return {"": Entry("040000", tree)}


def count_differing(repository: Path, before: str, after: str, *, first: int) -> Differing:
    """Count the files that differ in two trees or commits.

    Args:
        repository: Folder of the repository.
        before: A tree.
        after: Another one.
        first: How many paths are given.

    Raises:
        SourceError: One of the trees is missing or damaged.
    """
    out = _read(repository, "diff-tree", "-r", "-z", "--no-renames", "--name-status", before, after)
    numbers: Counter[bytes] = Counter()
    shown: dict[str, str] = {}
    start = 0
    while (middle := out.find(b"\0", start)) >= 0:
        end = out.index(b"\0", middle + 1)
        letter = out[start:middle]
        numbers[letter] += 1
        if len(shown) < first:
            shown[out[middle + 1 : end].decode(errors="surrogateescape")] = letter.decode()
        start = end + 1
    return Differing({letter.decode(): number for letter, number in numbers.items()}, shown)


def check_complete(repository: Path, tree: str, known: str) -> None:
    """Read every object of a tree that another one does not have.

    Raises:
        SourceError: One of them is missing or damaged.
    """
    _read(repository, "rev-list", "--objects", "--quiet", tree, "--not", known)


def _read(repository: Path, *arguments: str) -> bytes:
    try:
        return git(*arguments, repository=repository, seconds=_WALK_SECONDS)
    except GitFailed as error:
        raise unreadable(error, Position(str(repository))) from error
