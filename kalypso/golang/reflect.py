"""What Go's reflection says of a value: its kind, whether it is nil, whether two are equal.

Source: Go's package reflect.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

from kalypso.golang.sizes import check_depth
from kalypso.golang.values import (
    GoObject,
    Int32,
    Int64,
    NilList,
    NilMap,
    NilStringMap,
    Struct,
    Uint8,
    Uint64,
    Value,
)

_KINDS: Final[Mapping[type, str]] = {
    type(None): "invalid",
    bool: "bool",
    int: "int",
    Int64: "int64",
    Int32: "int32",
    Uint64: "uint64",
    Uint8: "uint8",
    float: "float64",
    complex: "complex128",
    str: "string",
    Struct: "struct",
}


def kind_of(value: Value) -> str:
    """Return the name of the value's ``reflect.Kind``; ``invalid`` for nil."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    if isinstance(value, GoObject):
        return value.kind
    return "slice" if isinstance(value, list) else "map"


def deep_equal(left: Value, right: Value, depth: int = 0) -> bool:
    """Return whether types and contents are equal; nil lists and maps differ from empty ones."""
    check_depth(depth)
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, dict)):
        return left is right or _same_items(left, right, depth)
    if isinstance(left, Struct):
        same = left.type_name == right.type_name
        return same and _same_items(left.fields, right.fields, depth)
    return bool(left == right)


def _same_items(left: Value, right: Value, depth: int) -> bool:
    if len(left) != len(right):
        return False
    if isinstance(left, list):
        return all(deep_equal(a, b, depth + 1) for a, b in zip(left, right, strict=True))
    # Integers of several types are one key in Python, but not in Go.
    known = {fingerprint(key) for key in right}
    return all(
        fingerprint(key) in known and deep_equal(item, right[key], depth + 1)
        for key, item in left.items()
    )


def fingerprint(value: Value, depth: int = 0) -> Hashable:
    """Return what two values have in common exactly if :func:`deep_equal` takes them for equal."""
    check_depth(depth)
    if isinstance(value, list):
        return type(value), tuple([fingerprint(item, depth + 1) for item in value])
    if isinstance(value, dict):
        entries = value.items()
        return type(value), frozenset(
            [(fingerprint(key), fingerprint(item, depth + 1)) for key, item in entries]
        )
    if isinstance(value, Struct):
        return value.type_name, fingerprint(value.fields, depth + 1)
    # NaN equals nothing, not even itself.
    return (type(value), value) if value == value else object()  # noqa: PLR0124 - NaN differs


def is_nil(value: Value) -> bool:
    """Return whether the value is nil, or a nil list or map."""
    return value is None or isinstance(value, (NilList, NilMap, NilStringMap))
