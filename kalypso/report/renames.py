"""Renames: what goes under one name and comes back under another in the same change.

To clusters, a rename is a removal and an addition: the namespaces of the old name go with all that
is in them. So it is called what it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

import msgspec

from kalypso.model import AssignmentDifference, Difference
from kalypso.report.plain import count, one_line

_LIKE = 0.5
"""How much alike two names of deployment targets are that one of them may have become."""


class Rename(msgspec.Struct, frozen=True):
    """Something that has another name."""

    what: str
    """``cluster type`` or ``deployment target``."""
    old: str
    new: str
    assignments: int
    """How many assignments go, and come back under the other name."""

    @property
    def sentence(self) -> str:
        """What it is and what it means."""
        return (
            f"{self.what} {one_line(self.old)} is now {one_line(self.new)}: to clusters that is a"
            f" removal and an addition. {count(self.assignments, 'assignment')} and what is in"
            f" {'its namespace' if self.assignments == 1 else 'their namespaces'} go; nothing is"
            " moved"
        )


def renames(difference: Difference) -> tuple[Rename, ...]:
    """Find what was renamed; empty if nothing surely was."""
    return (*_of_cluster_types(difference), *_of_targets(difference))


def _of_cluster_types(difference: Difference) -> Iterator[Rename]:
    """Find cluster types whose whole content is that of one that is new."""
    folders: dict[str, set[str]] = defaultdict(set)
    for file in difference.other_files:
        folder, slash, name = file.path.partition("/")
        if slash and name == "README.md":
            folders[file.kind].add(folder)
    gone = _by_cluster(difference.of("removed"), folders["removed"])
    come = _by_cluster(difference.of("added"), folders["added"])
    yield from _paired("cluster type", gone, come)


def _of_targets(difference: Difference) -> Iterator[Rename]:
    """Find deployment targets that are on the same cluster types under a name like theirs."""
    renamed = {name for each in _of_cluster_types(difference) for name in (each.old, each.new)}
    removed = [each for each in difference.of("removed") if each.cluster_type not in renamed]
    added = [each for each in difference.of("added") if each.cluster_type not in renamed]
    both = {each.target for each in removed} & {each.target for each in added}
    changed = {each.target for each in difference.of("changed")} | both
    gone, come = _by_target(removed, changed), _by_target(added, changed)
    for each in _paired("deployment target", gone, come):
        if SequenceMatcher(None, each.old, each.new).ratio() >= _LIKE:
            yield each


def _by_cluster(
    found: tuple[AssignmentDifference, ...], folders: set[str]
) -> dict[str, frozenset[str]]:
    sets: dict[str, set[str]] = defaultdict(set)
    for each in found:
        if each.cluster_type in folders:
            sets[each.cluster_type].add(each.target)
    return {name: frozenset(targets) for name, targets in sets.items()}


def _by_target(found: list[AssignmentDifference], besides: set[str]) -> dict[str, frozenset[str]]:
    sets: dict[str, set[str]] = defaultdict(set)
    for each in found:
        if each.target not in besides:
            sets[each.target].add(each.cluster_type)
    return {name: frozenset(clusters) for name, clusters in sets.items()}


def _paired(
    what: str, gone: Mapping[str, frozenset[str]], come: Mapping[str, frozenset[str]]
) -> Iterator[Rename]:
    """Pair what has the same content on both sides, the names most alike first."""
    pairs = [
        (-SequenceMatcher(None, old, new).ratio(), old, new)
        for old, content in gone.items()
        for new, other in come.items()
        if content == other
    ]
    used: set[tuple[str, str]] = set()
    for _, old, new in sorted(pairs):
        if ("old", old) not in used and ("new", new) not in used:
            used |= {("old", old), ("new", new)}
            yield Rename(what, old, new, len(gone[old]))
