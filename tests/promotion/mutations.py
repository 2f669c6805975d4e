"""Every way to take away or alter one field of what a fleet says, generated from the fleet."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kalypso.promotion.times import read_time
from tests.promotion.fleet import COMMITS

Path = tuple[str | int, ...]
_COMMIT = re.compile(r"[0-9a-f]{40}")
_LONG_BEFORE, _FAR_AHEAD = "2026-11-26T10:00:00Z", "2026-12-24T10:00:00Z"


@dataclass(frozen=True)
class Mutation:
    """One change of one field."""

    path: Path
    how: str
    """`gone`, `null`, `type`, `empty`, `blank`, `text`, `longer`, `past`, `future`, `commit`,
    `upper`, `status`, `number` or `flip`."""
    value: Any = None

    def of(self, given: Any) -> Any:
        """Return what a world says with this change."""
        return self._changed(given, self.path)

    def _changed(self, given: Any, path: Path) -> Any:
        """Copy what leads to the change; the rest is shared, as nobody writes to it."""
        changed = copy.copy(given)
        step, *rest = path
        if rest:
            changed[step] = self._changed(given[step], tuple(rest))
        elif self.how == "gone":
            del changed[step]
        else:
            changed[step] = self.value
        return changed


def mutations(given: Any, path: Path = ()) -> Iterator[Mutation]:
    """Return every single change of what is below a path."""
    if path:
        yield Mutation(path, "gone")
        yield from (Mutation(path, how, value) for how, value in _others(given))
    if isinstance(given, dict):
        for key, value in given.items():
            yield from mutations(value, (*path, key))
    elif isinstance(given, list):
        for place, value in enumerate(given):
            yield from mutations(value, (*path, place))


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    """Return what a value could be in place of what it is: of its own type, and of others."""
    yield "null", None
    kinds: tuple[Any, ...] = ("mutated", 7, [], {}, [None])
    yield from (("type", other) for other in kinds if type(other) is not type(value))
    match value:
        case bool():
            yield "flip", not value
        case int():
            yield from (("number", other) for other in (value + 1, value - 1, -value, 10_000))
        case str():
            yield from _other_texts(value)
        case list() | dict() if value:
            yield "empty", type(value)()


def _other_texts(value: str) -> Iterator[tuple[str, str]]:
    yield "blank", ""
    yield "longer", f"{value}x"
    yield "text", "mutated"
    if read_time(value) is not None:
        yield "past", _LONG_BEFORE
        yield "future", _FAR_AHEAD
    if _COMMIT.search(value):
        yield from (("commit", _COMMIT.sub(COMMITS[name], value)) for name in ("O", "Z"))
        yield "upper", _COMMIT.sub(lambda found: found[0].upper(), value)
    if value == "True":
        yield from (("status", other) for other in ("False", "Unknown"))


def name_of(path: Path, given: Any) -> str:
    """Return a path as the list of what does not matter writes it: items by name or type."""
    steps = []
    value = given
    for step in path:
        value = value[step]
        steps.append(_item(value, step) if isinstance(step, int) else step)
    return ".".join(steps)


def _item(value: Any, step: int) -> str:
    if not isinstance(value, dict):
        return str(step)
    kind, metadata = value.get("kind"), value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) and kind else value.get("name")
    if kind and name:
        return f"{kind} {name}"
    if "properties" in value:
        return "row"
    return str(value.get("type", step))
