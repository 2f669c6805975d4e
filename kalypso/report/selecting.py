"""Some rows of a listing, in another order: by labels, and by the values of a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from kalypso.errors import Position, SettingsError
from kalypso.model import ModelObject
from kalypso.report.listing import Listing
from kalypso.report.listings import Contents

_Object = TypeVar("_Object", bound=ModelObject)


class Condition(msgspec.Struct, frozen=True):
    """One condition about labels: ``key=value``, ``key!=value``, ``key`` or ``!key``."""

    key: str
    value: str | None
    """``None`` if any value will do."""
    negated: bool

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Return whether labels meet the condition."""
        found = labels.get(self.key)
        met = found is not None if self.value is None else found == self.value
        return met is not self.negated


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Read conditions as kubectl writes them, separated by commas.

    Raises:
        SettingsError: A condition has no key.
    """
    return tuple(_condition(part.strip(), text) for part in text.split(",")) if text else ()


def _condition(part: str, text: str) -> Condition:
    key, sign, value = part.partition("=")
    negated = key.endswith("!") if sign else key.startswith("!")
    key = (key.rstrip("=!") if sign else key.removeprefix("!")).strip()
    if not key:
        raise SettingsError(
            f"{text!r} is not a label selector",
            Position("--selector"),
            "write it as key=value,key!=value,key,!key",
            code="option",
        )
    return Condition(key, value.lstrip("=").strip() if sign else None, negated)


def selected(contents: Contents, conditions: tuple[Condition, ...]) -> Contents:
    """Return the contents of which all labels meet all conditions.

    An assignment has the labels of its deployment target and of its cluster type.
    """
    if not conditions:
        return contents

    def kept(found: tuple[_Object, ...]) -> tuple[_Object, ...]:
        return tuple(each for each in found if _meets(each.labels, conditions))

    platform = contents.platform
    names = {each.name for each in platform.targets if _meets(each.labels, conditions)}
    return replace(
        contents,
        platform=replace(
            platform,
            cluster_types=kept(platform.cluster_types),
            policies=kept(platform.policies),
            config_maps=kept(platform.config_maps),
            templates={each.name: each for each in kept(tuple(platform.templates.values()))},
            workloads=tuple(
                replace(each, targets=tuple(t for t in each.targets if t.name in names))
                for each in platform.workloads
                if _meets(each.labels, conditions) or any(t.name in names for t in each.targets)
            ),
        ),
        assignments=[
            each
            for each in contents.assignments
            if _meets({**each.cluster_type.labels, **each.target.labels}, conditions)
        ],
    )


def _meets(labels: Mapping[str, str], conditions: tuple[Condition, ...]) -> bool:
    return all(condition.holds(labels) for condition in conditions)


def sorted_by(listing: Listing, column: str) -> Listing:
    """Return a listing in the order of a column; numbers by size, the largest last.

    Raises:
        SettingsError: There is no such column.
    """
    names = [each.name for each in listing.columns]
    headings = [each.heading.lower() for each in listing.columns]
    wanted = column.lower()
    if column in names:
        at = names.index(column)
    elif wanted in headings:
        at = headings.index(wanted)
    else:
        raise SettingsError(
            f"there is no column {column!r}",
            Position("--sort-by"),
            f"columns are {', '.join(headings)}",
            code="option",
        )
    order = sorted(range(len(listing.rows)), key=lambda row: _rank(listing.rows[row][at]))
    return replace(
        listing,
        rows=tuple(listing.rows[row] for row in order),
        names=tuple(listing.names[row] for row in order),
    )


def _rank(cell: object) -> tuple[bool, int, str]:
    if isinstance(cell, int):
        return False, cell, ""
    return True, 0, str(cell)
