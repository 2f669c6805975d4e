"""Assignments that change in the same way, taken together: one line for a thousand of them.

Two changes are the same if the same files change by the same lines for the same causes. The names
of the assignment in these lines do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalypso.model import AssignmentDifference, Cause, ChangeKind, Difference
from kalypso.report.line_diff import changed_lines

_SHORTEST = 3
"""Letters of a name that is looked for in lines; shorter ones stand everywhere by chance."""
_ORDER: dict[ChangeKind, int] = {"removed": 0, "changed": 1, "added": 2}

Shape = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Name, kind and lines of each file that changes."""


@dataclass(frozen=True, slots=True)
class Group:
    """Assignments with the same change."""

    kind: ChangeKind
    causes: tuple[Cause, ...]
    members: tuple[AssignmentDifference, ...]
    """Sorted by folder; never empty."""

    @property
    def file_names(self) -> tuple[str, ...]:
        """Names of the files that differ, sorted."""
        return tuple(file.name for file in self.members[0].files)


def groups(difference: Difference) -> tuple[Group, ...]:
    """Group the assignments: removals first, then changes and additions, largest groups first."""
    found: dict[tuple[ChangeKind, tuple[Cause, ...], Shape], list[AssignmentDifference]] = {}
    for each in difference.assignments:
        found.setdefault((each.kind, each.causes, _shape(each)), []).append(each)
    made = [Group(kind, causes, tuple(members)) for (kind, causes, _), members in found.items()]
    return tuple(sorted(made, key=lambda g: (_ORDER[g.kind], -len(g.members), g.members[0].folder)))


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
    """Replace a name where it stands for itself and is no part of a longer word."""
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
