"""How values of several layers become one.

Mappings merge key by key at every depth. Lists append, except that items which are mappings with
the same ``name`` merge. For anything else the later one wins, also when the types differ.

Source: docs/explanation/model.md, "Values".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kalypso.errors import KalypsoError
from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import AnyMap
from kalypso.golang.yaml.v2 import decode
from kalypso.model import too_deep_at

Value = Any
"""Text, or below a structured value what Go's YAML reader makes of it."""


def read_value(text: str) -> Value:
    """Read one value of a ConfigMap.

    A value that parses as a YAML mapping or list is structured. One in single quotes is the text
    between them. Everything else is the text as it stands, also ``3`` and ``true``.
    """
    trimmed = text.strip()
    if len(trimmed) > 1 and trimmed[0] == trimmed[-1] == "'":
        return trimmed[1:-1]
    if not _may_be_structured(trimmed) or too_deep_at(text) is not None:
        return text
    try:
        value = decode(text)
    except (KalypsoError, FunctionError, ValueError):
        return text
    return value if isinstance(value, dict | list) else text


def _may_be_structured(text: str) -> bool:
    """Rule out at a glance what can be no mapping and no list; most values are such."""
    return bool(text) and (text[0] in "[{-?&!%#\"'|>*" or ":" in text or "\n" in text)


def merge_values(layers: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """Merge layers into the values of one assignment.

    Args:
        layers: Values by key, lowest precedence first. Not changed.

    Returns:
        A new mapping; keys stand in order of first appearance.
    """
    merged: dict[str, Value] = {}
    for layer in layers:
        for key, value in layer.items():
            merged[key] = merge_two(merged[key], value) if key in merged else value
    return merged


def merge_two(old: Value, new: Value) -> Value:
    """Merge a value with the one of a later layer. Neither is changed."""
    if isinstance(old, dict) and isinstance(new, dict):
        result = AnyMap(old)
        for key, value in new.items():
            result[key] = merge_two(result[key], value) if key in result else value
        return result
    if isinstance(old, list) and isinstance(new, list):
        return _merged_list(old, new)
    return new


def _merged_list(old: list[Value], new: list[Value]) -> list[Value]:
    result = list(old)
    places = {name: number for number, item in enumerate(old) if (name := _name(item)) is not None}
    for item in new:
        name = _name(item)
        if name is None or name not in places:
            if name is not None:
                places[name] = len(result)
            result.append(item)
        else:
            result[places[name]] = merge_two(result[places[name]], item)
    return result


def _name(item: Value) -> tuple[type, Value] | None:
    """Return what identifies an item: the name with its type, since 1 and true are not the same."""
    if isinstance(item, dict) and "name" in item:
        name = item["name"]
        return None if isinstance(name, dict | list) else (type(name), name)
    return None
