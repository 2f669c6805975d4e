"""The order in which Go visits and prints the entries of a map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import itemgetter
from typing import Final

from kalypso.golang.values.keys import BoolKey, FloatKey, plain_key
from kalypso.golang.values.types import Int32, Int64, StringMap, Uint8, Uint64, Value

_RANKS: Final[Mapping[type, int]] = {
    type(None): 0,
    bool: 1,
    BoolKey: 1,
    float: 2,
    FloatKey: 2,
    int: 3,
    Int32: 4,
    Int64: 5,
    str: 6,
    Uint8: 7,
    Uint64: 8,
}
_LAST_RANK: Final = 9
_FIRST: Final = itemgetter(0)
_TEXT_KEYED: Final = frozenset({dict, StringMap})


def sorted_keys(value: dict[Value, Value]) -> list[Value]:
    """Return the keys in Go's order: by value, NaN first.

    Where the keys of one map have different types, Go's order depends on addresses in its
    binary; here it is nil, bool, float64, int and the other integers, string.
    """
    return sorted(value) if type(value) in _TEXT_KEYED else sorted(value, key=_sort_key)


def sorted_items(value: dict[Value, Value]) -> list[tuple[Value, Value]]:
    """Return the entries in the order of :func:`sorted_keys`, with keys as plain values."""
    if type(value) in _TEXT_KEYED:
        return sorted(value.items(), key=_FIRST) if len(value) > 1 else list(value.items())
    return [(plain_key(key), value[key]) for key in sorted_keys(value)]


def _sort_key(key: Value) -> tuple[int, int, Value]:
    rank = _RANKS.get(type(key), _LAST_RANK)
    if key is None:
        return rank, 0, 0
    if isinstance(key, float) and math.isnan(key):
        return rank, 0, 0.0
    return rank, 1, key if rank < _LAST_RANK else repr(key)
