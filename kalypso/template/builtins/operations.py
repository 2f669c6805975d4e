"""The functions that are part of the language: ``index slice len not print printf println``.

``and``, ``or`` and ``call`` are in the table for their signatures; the compiler
evaluates them itself. Follows Go's text/template/funcs.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

from kalypso.golang.bytestrings import byte_length, from_bytes, to_bytes
from kalypso.golang.fmt import sprint, sprintf, sprintln
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.strconv import wrap_int64
from kalypso.golang.values import (
    INTEGERS,
    MISSING,
    AnyMap,
    Missing,
    StringMap,
    Struct,
    Uint8,
    Value,
    map_key,
    type_name,
)
from kalypso.template.functions import Absence, Function

_SCALAR_KEYS: Final = (int, float)
_MOST_INDEXES: Final = 3


def index(item: Value, *indexes: Value) -> Value:
    """Return ``item[i][j]…`` of lists, maps and strings; a missing key of a map that lacks it.

    Raises:
        FunctionError: An index is of the wrong type or out of range.
    """
    if item is None or item is MISSING:
        raise FunctionError("index of untyped nil")
    for key in indexes:
        if item is None or isinstance(item, Missing):
            raise FunctionError("index of nil pointer")
        if isinstance(item, dict):
            item = _entry(item, key)
        elif isinstance(item, list):
            item = _item(item, key)
        elif isinstance(item, str):
            item = _byte(item, key)
        else:
            raise FunctionError(f"can't index item of type {type_name(item)}")
    return item


def _position(key: Value, length: int) -> int:
    if key is None or key is MISSING:
        raise FunctionError("cannot index slice/array with nil")
    if type(key) not in INTEGERS:
        raise FunctionError(f"cannot index slice/array with type {type_name(key)}")
    position = wrap_int64(key)
    if not 0 <= position <= length:
        raise FunctionError(f"index out of range: {position}")
    return position


def _item(item: list[Value], key: Value) -> Value:
    at = _position(key, len(item))
    if at == len(item):
        raise FunctionError("reflect: slice index out of range")
    return item[at]


def _byte(item: str, key: Value) -> Uint8:
    data = to_bytes(item)
    at = _position(key, len(data))
    if at == len(data):
        raise FunctionError("reflect: string index out of range")
    return Uint8(data[at])


def _entry(item: dict[Value, Value], key: Value) -> Value:
    if isinstance(item, AnyMap):
        return _any_entry(item, None if key is MISSING else key)
    if key is None or key is MISSING:
        raise FunctionError("value is nil; should be of type string")
    if not isinstance(key, str):
        raise FunctionError(f"value has type {type_name(key)}; should be string")
    if key in item:
        return item[key]
    return "" if isinstance(item, StringMap) else Missing(key, item)


def _any_entry(item: AnyMap, key: Value) -> Value:
    if isinstance(key, (list, dict, Struct)):
        # Go says it in other words where there is nothing to find.
        reason = "runtime error: hash of unhashable type" if item else "hash of unhashable type:"
        raise FunctionError(f"{reason} {type_name(key)}")
    held = map_key(key)
    if isinstance(held, _SCALAR_KEYS) and held in item:
        # Python counts integers of several types as one key, Go does not.
        kept = next(known for known in item if known == held)
        return item[held] if type(kept) is type(held) else None
    return item[held] if held in item else Missing(str(key), item)


def slice_(item: Value, *indexes: Value) -> Value:
    """Return ``item[i:j]`` of a list or string.

    Raises:
        FunctionError: There are too many indexes, or one is of the wrong type or out of range.
    """
    if item is None or item is MISSING:
        raise FunctionError("slice of untyped nil")
    if len(indexes) > _MOST_INDEXES:
        raise FunctionError(f"too many slice indexes: {len(indexes)}")
    if isinstance(item, str):
        if len(indexes) == _MOST_INDEXES:
            raise FunctionError("cannot 3-index slice a string")
        data = to_bytes(item)
        start, end = _bounds(indexes, len(data))
        return from_bytes(data[start:end])
    if not isinstance(item, list):
        raise FunctionError(f"can't slice item of type {type_name(item)}")
    start, end = _bounds(indexes, len(item))
    return type(item)(item[start:end])


def _bounds(indexes: tuple[Value, ...], length: int) -> tuple[int, int]:
    places = [_position(key, length) for key in indexes]
    start = places[0] if places else 0
    end = places[1] if len(places) > 1 else length
    if start > end:
        raise FunctionError(f"invalid slice index: {start} > {end}")
    if len(places) == _MOST_INDEXES and end > places[2]:
        raise FunctionError(f"invalid slice index: {end} > {places[2]}")
    return start, end


def length(item: Value) -> int:
    """Return how many items, entries or bytes there are.

    Raises:
        FunctionError: The value is neither list, map nor string.
    """
    if isinstance(item, str):
        return byte_length(item)
    if isinstance(item, (list, dict)):
        return len(item)
    if item is MISSING:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    if item is None:
        raise FunctionError("len of nil pointer")
    raise FunctionError(f"len of type {type_name(item)}")


def not_(value: Value) -> bool:
    """Return whether the value is empty: false, 0, nil, or without items."""
    return not value


def print_(*values: Value) -> str:
    """Join values like ``fmt.Sprint``."""
    return sprint(values)


def println(*values: Value) -> str:
    """Join values like ``fmt.Sprintln``."""
    return sprintln(values)


def printf(template: str, *values: Value) -> str:
    """Format values like ``fmt.Sprintf``."""
    return sprintf(template, values)


def _compiled(*_values: Value) -> NoReturn:
    raise AssertionError("the compiler evaluates this function itself")


_VALUES: Final = (Kind.VALUE, Kind.VALUE)

FUNCTIONS: Final[Mapping[str, Function]] = {
    "and": Function(_VALUES, _compiled, variadic=True, control="and", absence=Absence.PASSED),
    "or": Function(_VALUES, _compiled, variadic=True, control="or", absence=Absence.PASSED),
    "call": Function(_VALUES, _compiled, variadic=True, control="call"),
    "index": Function(_VALUES, index, variadic=True, selects=slice(1, None), absence=Absence.TAKEN),
    "slice": Function(_VALUES, slice_, variadic=True),
    "len": Function((Kind.VALUE,), length),
    "not": Function((Kind.VALUE,), not_, absence=Absence.TAKEN),
    "print": Function((Kind.ANY,), print_, variadic=True, walks=True),
    "printf": Function((Kind.STRING, Kind.ANY), printf, variadic=True, walks=True),
    "println": Function((Kind.ANY,), println, variadic=True, walks=True),
}
"""By the name that templates use."""
