"""The merge of values once more, remembering where every part of the result comes from.

The result is the same as that of :func:`kalypso.scheduling.merge.merge_values`, which is written
for speed; tests hold the two against each other.

Source: docs/explanation/model.md, "Values".
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kalypso.golang.values import AnyMap
from kalypso.scheduling import Value


class Traced(msgspec.Struct):
    """A part of a value: a mapping, a list, or a leaf with its history."""

    layer: int
    """Number of the layer that spoke last."""
    leaf: Value = None
    members: dict[object, Traced] | None = None
    items: list[Traced] | None = None
    overrode: tuple[tuple[int, Value], ...] = msgspec.field(default=())
    """Layer and value of each that lost, the earliest first."""

    @property
    def value(self) -> Value:
        """The part as the plain merge gives it."""
        if self.members is not None:
            return AnyMap({key: member.value for key, member in self.members.items()})
        if self.items is not None:
            return [item.value for item in self.items]
        return self.leaf


def trace(value: Value, layer: int) -> Traced:
    """Begin a history: a value that one layer gave whole."""
    if isinstance(value, dict) and value:
        return Traced(layer, members={key: trace(item, layer) for key, item in value.items()})
    if isinstance(value, list) and value:
        return Traced(layer, items=[trace(item, layer) for item in value])
    return Traced(layer, value)


def joins(old: Value, new: Value) -> bool:
    """Return whether two values merge; otherwise the later replaces the earlier."""
    return (isinstance(old, dict) and isinstance(new, dict)) or (
        isinstance(old, list) and isinstance(new, list)
    )


def merged(old: Traced, new: Value, layer: int) -> Traced:
    """Continue a history with the value of the next layer."""
    plain = old.value
    if not joins(plain, new):
        replaced = trace(new, layer)
        replaced.overrode = (*old.overrode, (old.layer, plain))
        return replaced
    if not new:
        return old
    if isinstance(new, dict):
        members = dict(old.members or {})
        for key, value in new.items():
            known = members.get(key)
            members[key] = merged(known, value, layer) if known else trace(value, layer)
        return Traced(layer, members=members)
    return Traced(layer, items=_merged_items(old.items or [], new, layer))


def leaves(part: Traced, path: str = "") -> Iterator[tuple[str, Traced]]:
    """List the leaves below a part, each with its path, in order.

    The name of a list's item stands in the path, as in ``pools[read].size``, and is not a leaf.
    """
    if part.members is not None:
        named = path.endswith("]") and _name(part.value) is not None
        for key, member in part.members.items():
            if not (named and key == "name"):
                yield from leaves(member, f"{path}.{key}" if path else str(key))
    elif part.items is not None:
        for number, item in enumerate(part.items):
            name = _name(item.value)
            yield from leaves(item, f"{path}[{number if name is None else name[1]}]")
    else:
        yield path, part


def _merged_items(old: list[Traced], new: list[Value], layer: int) -> list[Traced]:
    items = list(old)
    places = {
        name: number for number, item in enumerate(old) if (name := _name(item.value)) is not None
    }
    for value in new:
        name = _name(value)
        if name is not None and name in places:
            items[places[name]] = merged(items[places[name]], value, layer)
            continue
        if name is not None:
            places[name] = len(items)
        items.append(trace(value, layer))
    return items


def _name(item: Value) -> tuple[type, Value] | None:
    """Return what identifies an item of a list, as the plain merge does."""
    if isinstance(item, dict) and "name" in item and not isinstance(item["name"], dict | list):
        return type(item["name"]), item["name"]
    return None
