"""Assignments that change in the same way, taken together: one line for a thousand of them.

Two changes are the same if the same files change by the same lines for the same causes. The names
of the assignment in these lines do not count.

A first delivery has a cause of its own for each cluster type and workload, so hardly two additions
are the same. Where that gives too many groups, additions are taken together by the causes that most
of them share, for example the policy; so are removals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from kalypso.model import AssignmentDifference, Cause, ChangeKind, Difference
from kalypso.report.line_diff import changed_lines
from kalypso.report.plain import count

_SHORTEST = 3
"""Letters of a name that is looked for in lines; shorter ones stand everywhere by chance."""
_WORKLOAD = 2
"""Where the names of an assignment have its workload; not if the model does not know it."""
_MOST = 30
"""Groups of additions, or of removals, that people still read."""
_ORDER: dict[ChangeKind, int] = {"removed": 0, "changed": 1, "added": 2}

Shape = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Name, kind and lines of each file that changes."""


class Group(msgspec.Struct, frozen=True):
    """Assignments with the same change."""

    kind: ChangeKind
    causes: tuple[Cause, ...]
    members: tuple[AssignmentDifference, ...]
    """Sorted by folder; never empty."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Kinds of objects that are causes too, with their number: each of some assignments only."""

    @property
    def span(self) -> str:
        """How far it reaches: `1,000 workloads on 100 cluster types`."""
        on = count(len({each.cluster_type for each in self.members}), "cluster type")
        named = [each.names[_WORKLOAD] for each in self.members if len(each.names) > _WORKLOAD]
        if len(named) == len(self.members):
            return f"{count(len(set(named)), 'workload')} on {on}"
        return f"{count(len({each.target for each in self.members}), 'deployment target')} on {on}"

    @property
    def file_names(self) -> tuple[str, ...]:
        """Names of the files that differ, sorted."""
        return tuple(file.name for file in self.members[0].files)


def groups(difference: Difference) -> tuple[Group, ...]:
    """Group the assignments: removals first, then changes and additions, largest groups first."""
    found: dict[tuple[ChangeKind, tuple[Cause, ...], Shape], list[AssignmentDifference]] = {}
    for each in difference.assignments:
        found.setdefault((each.kind, each.causes, _shape(each)), []).append(each)
    every = [Group(kind, causes, tuple(members)) for (kind, causes, _), members in found.items()]
    made = [group for kind in _ORDER for group in _few([g for g in every if g.kind == kind])]
    return tuple(sorted(made, key=lambda g: (_ORDER[g.kind], -len(g.members), g.members[0].folder)))


def _few(same_kind: list[Group]) -> list[Group]:
    """Take groups together until people can read them, by the causes that most of them share."""
    if len(same_kind) <= _MOST or same_kind[0].kind == "changed":
        return same_kind
    distinct = Counter(cause.kind for cause in {c for group in same_kind for c in group.causes})
    dropped: set[str] = set()
    found: dict[tuple[Cause, ...], list[Group]] = {(): same_kind}
    for kind, _ in distinct.most_common():
        dropped.add(kind)
        found = {}
        for group in same_kind:
            shared = tuple(cause for cause in group.causes if cause.kind not in dropped)
            found.setdefault(shared, []).append(group)
        if len(found) <= _MOST:
            break
    return [_together(causes, groups) for causes, groups in found.items()]


def _together(causes: tuple[Cause, ...], parts: Sequence[Group]) -> Group:
    others = {cause for part in parts for cause in part.causes} - set(causes)
    members = (each for part in parts for each in part.members)
    return Group(
        parts[0].kind,
        causes,
        tuple(sorted(members, key=lambda each: each.folder)),
        tuple(sorted(Counter(cause.kind for cause in others).items())),
    )


def _shape(each: AssignmentDifference) -> Shape:
    """Return what makes changes the same; of what comes and goes, the causes say enough."""
    if each.kind != "changed":
        return ()
    names = [name for name in each.names if len(name) >= _SHORTEST]
    return tuple(
        (file.name, file.kind, _nameless(changed_lines(file.old, file.new), names))
        for file in each.files
    )


def _nameless(lines: tuple[str, ...], names: Sequence[str]) -> tuple[str, ...]:
    """Put a mark in the place of each name, the longest first; most lines hold none."""
    text = "\n".join(lines)
    for name in sorted(filter(text.__contains__, names), key=len, reverse=True):
        text = _without(text, name, f"\0{names.index(name)}")
    return tuple(text.split("\n"))


def _without(text: str, name: str, mark: str) -> str:
    """Replace a name where it stands for itself and is not part of a longer word."""
    parts: list[str] = []
    done = 0
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            parts += [text[done:start], mark]
            done = end
        start = text.find(name, end)
    return "".join([*parts, text[done:]])
