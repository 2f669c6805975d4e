"""The causes of a difference, each once: how far it reaches, and what it changes everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kalypso.model import Cause, Detail, FileDifference
from kalypso.report.common_changes import common_changes
from kalypso.report.diff import detail_text
from kalypso.report.groups import Group
from kalypso.report.links import Links, linked
from kalypso.report.markup import code
from kalypso.report.plain import count, line_of

_DETAILS = 10
_COMPARED = 200
"""Groups of a cause whose files are compared; of more, nothing is said in common."""


class ReachedCause(msgspec.Struct, frozen=True):
    """An object, and the changes that it is a cause of."""

    cause: Cause
    groups: tuple[Group, ...]

    @property
    def reach(self) -> int:
        """How many assignments."""
        return sum(len(group.members) for group in self.groups)


def reached_causes(groups: Sequence[Group]) -> tuple[ReachedCause, ...]:
    """Return every cause once, those that reach most first."""
    found: dict[Cause, list[Group]] = {}
    for group in groups:
        for cause in group.causes:
            found.setdefault(cause, []).append(group)
    made = [ReachedCause(cause, tuple(groups)) for cause, groups in found.items()]
    return tuple(sorted(made, key=lambda each: (-each.reach, each.cause.kind, each.cause.name)))


def cause_lines(each: ReachedCause, links: Links, *, brief: bool = False) -> Iterator[str]:
    """Yield the lines of a list: the object with its place, and what is different about it.

    Args:
        each: The cause.
        links: Which page shows its file.
        brief: Without what is different.
    """
    cause = each.cause
    title, place = code(f"{cause.kind} {cause.name}"), code(line_of(cause.at))
    yield (
        f"- {title} {cause.change} in {linked(place, links.cause(cause))}:"
        f" {count(each.reach, 'assignment')}"
    )
    details = () if brief else _details(each)
    yield from (f"  - {code(detail_text(detail))}" for detail in details[:_DETAILS])
    if len(details) > _DETAILS:
        yield f"  - and {len(details) - _DETAILS:,} more"


def _details(each: ReachedCause) -> tuple[Detail, ...]:
    """Return what differs about an object; of a template, rather what that does to manifests."""
    if each.cause.kind != "Template" or len(each.groups) > _COMPARED:
        return each.cause.details
    common = common_changes(
        [
            [file for file in group.members[0].files if _stem(file) in each.cause.stems]
            for group in each.groups
            if group.kind == "changed"
        ]
    )
    return tuple(Detail(*change) for change in common) or each.cause.details


def _stem(file: FileDifference) -> str:
    return file.name.rpartition(".")[0]
