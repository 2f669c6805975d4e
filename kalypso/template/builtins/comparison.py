"""Comparison of basic values: ``eq ne lt le gt ge`` as in Go's text/template/funcs.go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kalypso.golang.fmt import sprintf
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.values import (
    GoObject,
    Int32,
    Int64,
    Missing,
    NilList,
    NilMap,
    NilStringMap,
    Uint8,
    Uint64,
    Value,
    type_name,
)
from kalypso.template.functions import Absence, Function

_BASIC: Final[Mapping[type, str]] = {
    bool: "bool",
    int: "int",
    Int64: "int",
    Int32: "int",
    Uint64: "uint",
    Uint8: "uint",
    float: "float",
    complex: "complex",
    str: "string",
}
_INTEGERS: Final = frozenset({"int", "uint"})
_ORDERED: Final = frozenset({"int", "uint", "float", "string"})
_BAD_TYPE: Final = "invalid type for comparison"
_NIL_VALUES: Final = (NilList, NilMap, NilStringMap)


def equal(first: Value, *others: Value) -> bool:
    """Return whether the first value equals any of the others.

    Raises:
        FunctionError: There are no others, or two values are of types that do not compare.
    """
    if not others:
        raise FunctionError("missing argument for comparison")
    kind = _BASIC.get(type(first))
    return any(_equals(first, kind, other) for other in others)


def _equals(first: Value, kind: str | None, other: Value) -> bool:
    other_kind = _BASIC.get(type(other))
    if kind == other_kind:
        return bool(first == other) if kind is not None else _same(first, other)
    if kind in _INTEGERS and other_kind in _INTEGERS:
        return bool(first == other)
    if _is_invalid(first) or _is_invalid(other):
        return False
    raise _incompatible(first, other)


def _is_invalid(value: Value) -> bool:
    return value is None or isinstance(value, Missing)


def _incompatible(first: Value, other: Value) -> FunctionError:
    return FunctionError(
        f"incompatible types for comparison: {type_name(first)} and {type_name(other)}"
    )


def _same(first: Value, other: Value) -> bool:
    """Compare two values of no basic kind."""
    if _is_nil(first) or _is_nil(other):
        return _is_nil(first) == _is_nil(other)
    if _reflect_kind(first) != _reflect_kind(other):
        raise FunctionError(
            f"non-comparable types {sprintf('%s', [first])}: {type_name(first)}, "
            f"{type_name(other)}: {sprintf('%v', [other])}"
        )
    if not isinstance(other, GoObject):
        raise FunctionError(f"non-comparable type {sprintf('%s', [other])}: {type_name(other)}")
    return first is other if other.kind == "ptr" else bool(first == other)


def _is_nil(value: Value) -> bool:
    return _is_invalid(value) or isinstance(value, _NIL_VALUES)


def _reflect_kind(value: Value) -> str:
    if isinstance(value, list):
        return "slice"
    if isinstance(value, dict):
        return "map"
    return value.kind if isinstance(value, GoObject) else "struct"


def not_equal(first: Value, other: Value) -> bool:
    """Return whether two values differ; errors as in :func:`equal`."""
    return not equal(first, other)


def less(first: Value, other: Value) -> bool:
    """Return whether one number or string comes before the other.

    Raises:
        FunctionError: The values are of different types, or of types that cannot be compared.
    """
    kind, other_kind = _BASIC.get(type(first)), _BASIC.get(type(other))
    if kind is None or other_kind is None:
        raise FunctionError(_BAD_TYPE)
    if kind != other_kind and not (kind in _INTEGERS and other_kind in _INTEGERS):
        raise _incompatible(first, other)
    if kind not in _ORDERED:
        raise FunctionError(_BAD_TYPE)
    return bool(first < other)


def less_or_equal(first: Value, other: Value) -> bool:
    """Return whether ``less`` or ``equal`` holds."""
    return less(first, other) or equal(first, other)


def greater(first: Value, other: Value) -> bool:
    """Return whether ``less_or_equal`` does not hold, which for NaN is true."""
    return not less_or_equal(first, other)


def greater_or_equal(first: Value, other: Value) -> bool:
    """Return whether ``less`` does not hold."""
    return not less(first, other)


_TWO: Final = (Kind.VALUE, Kind.VALUE)

FUNCTIONS: Final[Mapping[str, Function]] = {
    "eq": Function(_TWO, equal, variadic=True, walks=True, absence=Absence.TAKEN),
    "ne": Function(_TWO, not_equal, walks=True, absence=Absence.TAKEN),
    "lt": Function(_TWO, less),
    "le": Function(_TWO, less_or_equal),
    "gt": Function(_TWO, greater),
    "ge": Function(_TWO, greater_or_equal),
}
"""By the name that templates use."""
