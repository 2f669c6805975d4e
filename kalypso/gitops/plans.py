"""What a change does to the branch: the whole branch afterwards, and the paths that change.

A cluster type's folder is owned whole. A folder in the root that is not a cluster type goes only if
everything in it is of a shape that the scheduler writes; root files and folders that begin with a
dot are left alone, but for the tracking file.

Source: docs/explanation/model.md, "The GitOps repository".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from heapq import merge
from itertools import groupby

import msgspec

from kalypso.errors import Position, Problem, Problems
from kalypso.gitops.marks import SHARED, with_section
from kalypso.gitops.tree import README, is_written_shape
from kalypso.model import TRACKING, ChangeKind


class Change(msgspec.Struct, frozen=True):
    """One file that differs."""

    path: str
    kind: ChangeKind
    old: bytes = b""
    new: bytes = b""


class Plan(msgspec.Struct, frozen=True, dict=True):
    """The branch as it is, and as it would be."""

    present: Mapping[str, bytes]
    files: Mapping[str, bytes]
    """The whole branch afterwards, sorted by path."""
    managed: frozenset[str]
    """Paths that the scheduler owns, if they are there."""
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Sorted by path; empty if the branch already is as wanted."""
        return tuple(_changes(self.present, self.files))

    @property
    def removed_assignments(self) -> tuple[str, ...]:
        """Folders of assignments that go, sorted."""
        return tuple(sorted(assignments_in(self.present) - assignments_in(self.files)))

    @property
    def present_assignments(self) -> tuple[str, ...]:
        """Folders of assignments that are there now, sorted."""
        return tuple(sorted(assignments_in(self.present)))


def plan(present: Mapping[str, bytes], files: Mapping[str, str], branch: str = "") -> Plan:
    """Work out what delivering files does to a branch.

    Args:
        present: Content of the whole branch by path.
        files: Text of every file that the scheduler wants, by path; of a shared file, our lines.
        branch: How messages name the branch.

    Raises:
        Problems: A file of the scheduler and one that is left alone differ in case only, or one is
            where the other needs a folder.
    """
    managed = frozenset(_managed(present, _folders(files)) | ({TRACKING} & files.keys()))
    kept = {path: content for path, content in present.items() if path not in managed}
    _refuse_twins(files, kept, branch)
    shared = {
        path: with_section(present.get(path, b""), files[path]) for path in SHARED & files.keys()
    }
    return Plan(
        present=present,
        files=_Branch({**kept, **shared}, files),
        managed=managed,
        warnings=tuple(_left_alone(present, managed, branch)),
    )


def _refuse_twins(wanted: Iterable[str], kept: Iterable[str], branch: str) -> None:
    """Refuse paths that are one and the same where case does not count: no checkout has both."""
    others: dict[str, set[str]] = defaultdict(set)
    for path in kept:
        for part in _parts(path):
            others[part.casefold()].add(part)
    if not others:
        return
    found = {
        Problem(
            "case-twins",
            f"{written!r} and {part!r} differ in case only, so that no Windows or macOS has both",
            Position(f"{branch}:{part}" if branch else part),
            "rename the one that is not Kalypso's, or the cluster type",
        )
        for path in wanted
        for written in _parts(path)
        for part in others.get(written.casefold(), ())
        if part != written
    }
    if found:
        raise Problems(found)


class _Branch(Mapping[str, bytes]):
    """A branch of some given files and of texts, of which each is encoded when it is asked for."""

    def __init__(self, given: Mapping[str, bytes], texts: Mapping[str, str]) -> None:
        """Put them together; of one path, what is given counts.

        Args:
            given: Content by path.
            texts: Sorted by path; there may be millions.
        """
        self._given = given
        self._texts = texts
        self._count = len(given) + len(texts) - sum(path in texts for path in given)

    def __getitem__(self, path: str) -> bytes:
        known = self._given.get(path)
        return self._texts[path].encode() if known is None else known

    def __iter__(self) -> Iterator[str]:
        both = merge(sorted(self._given), self._texts)
        return (path for path, _ in groupby(both))

    def __len__(self) -> int:
        return self._count


def _parts(path: str) -> Iterator[str]:
    """Yield a path and the folders that it is in."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def assignments_in(paths: Iterable[str]) -> set[str]:
    """Return the folders of assignments among the paths of a branch."""
    return {
        path.rpartition("/")[0]
        for path in paths
        if is_written_shape(path) and path.count("/") > 1 and not path.startswith(".")
    }


def _folders(paths: Iterable[str]) -> set[str]:
    return {path.partition("/")[0] for path in paths if path.endswith(f"/{README}")}


def _managed(present: Mapping[str, bytes], cluster_types: set[str]) -> set[str]:
    by_folder: dict[str, list[str]] = {}
    for path in present:
        folder, slash, _ = path.partition("/")
        if slash and not folder.startswith("."):
            by_folder.setdefault(folder, []).append(path)
    return {
        path
        for folder, paths in by_folder.items()
        if folder in cluster_types or all(map(is_written_shape, paths))
        for path in paths
    }


def _changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterable[Change]:
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        if old is None:
            yield Change(path, "added", new=new or b"")
        elif new is None:
            yield Change(path, "removed", old=old)
        else:
            yield Change(path, "changed", old, new)


def _left_alone(
    present: Mapping[str, bytes], managed: frozenset[str], branch: str
) -> Iterable[Problem]:
    folders = sorted(
        {
            path.partition("/")[0]
            for path in present
            if "/" in path and not path.startswith(".") and path not in managed
        }
    )
    yield from (foreign_folder(folder, branch) for folder in folders)


def foreign_folder(folder: str, branch: str) -> Problem:
    """Return the warning about a folder in the root that is not the scheduler's."""
    return Problem(
        "foreign-folder",
        f"the folder {folder!r} is not a cluster type and holds other files: it is left alone",
        Position(f"{branch}:{folder}" if branch else folder),
        severity="warning",
    )
