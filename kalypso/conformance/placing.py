"""Which line of a template writes a field of an object, found by keys and their indentation.

What renders a field may be anything, so the place is that of the innermost key on the way to the
field that the template writes literally.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kalypso.conformance.object_kind import ObjectKind
from kalypso.conformance.violations import Path
from kalypso.errors import Position
from kalypso.model import Template

_LINE = re.compile(
    r"(?P<margin>[ ]*(?:- +)*)[\"']?(?P<key>[^\s\"'{}:#][^\"'{}:]*)[\"']?\s*:(?:\s|$)"
)
_ITEM = re.compile(r"(?P<margin> *)-(?: |$)")
_SEPARATOR = re.compile(r"---(?:\s|$)")
_ACTION = re.compile(r"\s*\{\{")


def place_in(template: Template, kind: ObjectKind, path: Path) -> Position:
    """Return the place in the file of a template that a field of one of its objects comes from.

    Args:
        template: Its text is searched.
        kind: Of the object; where no manifest writes it literally, the first manifest is the place.
        path: From the object's root.
    """
    best: tuple[int, Position] | None = None
    for number, manifest in enumerate(template.manifests):
        for depth, at in _candidates(template, number, manifest, kind, path):
            if best is None or depth > best[0]:
                best = depth, at
    return best[1] if best else template.origin.at("spec", "manifests", 0)


def _candidates(
    template: Template, number: int, manifest: str | Mapping[str, Any], kind: ObjectKind, path: Path
) -> Iterator[tuple[int, Position]]:
    here = ("spec", "manifests", number)
    if not isinstance(manifest, str):
        if manifest.get("kind") == kind.kind:
            yield len(path), template.origin.at(*here, *path)
        return
    lines = manifest.split("\n")
    for begin, end in _documents(lines):
        found = _search(lines, begin, end, ("kind",))
        if not found or not re.search(rf":\s*[\"']?{re.escape(kind.kind)}\b", lines[found[-1][0]]):
            continue
        way = _search(lines, begin, end, path) or found
        line, column = way[-1]
        at = Position("", line + 1, column + 1)
        yield len(way) if way is not found else 0, template.origin.in_text(here, manifest, at)


def _documents(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each document of a manifest begins and ends."""
    begin = 0
    for number, line in enumerate(lines):
        if _SEPARATOR.match(line):
            yield begin, number
            begin = number + 1
    yield begin, len(lines)


def _search(lines: Sequence[str], begin: int, end: int, path: Path) -> list[tuple[int, int]]:
    """Return line and column of each key on the way to a field, as far as it is written."""
    found: list[tuple[int, int]] = []
    margin = -1
    for step in path:
        if isinstance(step, int):
            begin, end = _item(lines, begin, end, margin, step)
            continue
        own = None
        for number in range(begin, end):
            match = _LINE.match(lines[number])
            if match is None or _ACTION.match(lines[number]):
                continue
            column = len(match["margin"])
            if column <= margin:
                break
            if match["key"].strip() == step and (own is None or column < own[1]):
                own = number, column
        if own is None:
            break
        found.append(own)
        begin, margin = own[0] + 1, own[1]
    return found


def _item(lines: Sequence[str], begin: int, end: int, margin: int, number: int) -> tuple[int, int]:
    """Return where an item of a list begins and ends.

    The only item that is written may be repeated, so it stands for every one. Otherwise nothing is
    returned of an item that is not written: a place in another item would be wrong.
    """
    items: list[int] = []
    column = -1
    for at in range(begin, end):
        item, key = _ITEM.match(lines[at]), _LINE.match(lines[at])
        if (item and len(item["margin"]) < margin) or (key and len(key["margin"]) <= margin):
            end = at
            break
        if item and column in {-1, len(item["margin"])}:
            column = len(item["margin"])
            items.append(at)
    if len(items) == 1:
        return items[0], end
    limits = [*items, end]
    return (limits[number], limits[number + 1]) if number < len(items) else (end, end)
