"""The order in which yaml.v3 writes the keys of a map: numbers by value, ``a9`` before ``a10``.

Source: yaml.v3 v3.0.1, sorter.go.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cmp_to_key, lru_cache
from typing import Any

from kalypso.golang.bytestrings import replace_invalid
from kalypso.golang.strconv import wrap_int64
from kalypso.golang.values import (
    BoolKey,
    FloatKey,
    Int32,
    Int64,
    Uint8,
    Uint64,
)

# Values of reflect.Kind, by which keys of different kinds differ.
_KINDS: dict[type, int] = {
    bool: 1,
    BoolKey: 1,
    int: 2,
    Int32: 5,
    Int64: 6,
    Uint8: 8,
    Uint64: 11,
    float: 14,
    FloatKey: 14,
    type(None): 20,
    str: 24,
}


def sorted_keys(keys: Iterable[Any]) -> list[Any]:
    """Return the keys in yaml.v3's order."""
    found = list(keys)
    if all(isinstance(key, str) for key in found):
        together = "".join(found)
        if together.isascii() and together.isalpha() and "" not in found:
            return sorted(found)
        return sorted(found, key=cmp_to_key(_compare_texts))
    return sorted(found, key=cmp_to_key(_compare))


def _compare(left: Any, right: Any) -> int:
    if _less(left, right):
        return -1
    return 1 if _less(right, left) else 0


def _less(left: Any, right: Any) -> bool:
    left_kind, right_kind = _KINDS.get(type(left), 2), _KINDS.get(type(right), 2)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        left_float, right_float = float(left), float(right)
        if left_float != right_float and not math.isnan(left_float):
            return left_float < right_float
        return left_kind < right_kind if left_kind != right_kind else left < right
    if isinstance(left, str) and isinstance(right, str):
        return _text_less(replace_invalid(left), replace_invalid(right))
    return left_kind < right_kind


@lru_cache(maxsize=1 << 16)
def _compare_texts(left: str, right: str) -> int:
    left, right = replace_invalid(left), replace_invalid(right)
    if _text_less(left, right):
        return -1
    return 1 if _text_less(right, left) else 0


def _text_less(left: str, right: str) -> bool:
    digits = False
    for at, (mine, other) in enumerate(zip(left, right, strict=False)):
        if mine == other:
            digits = mine.isdecimal()
            continue
        mine_letter, other_letter = mine.isalpha(), other.isalpha()
        if mine_letter and other_letter:
            return mine < other
        if mine_letter or other_letter:
            return mine_letter if digits else other_letter
        return _number_less(left, right, at)
    return len(left) < len(right)


def _number_less(left: str, right: str, at: int) -> bool:
    """Compare from the first difference on, where neither side has a letter."""
    leading = 0
    if left[at] == "0" or right[at] == "0":
        before = at - 1
        while before >= 0 and left[before].isdecimal():
            if left[before] != "0":
                leading = 1
                break
            before -= 1
    left_number, left_end = _digits_from(left, at, leading)
    right_number, right_end = _digits_from(right, at, leading)
    if left_number != right_number:
        return left_number < right_number
    if left_end != right_end:
        return left_end < right_end
    return left[at] < right[at]


def _digits_from(text: str, at: int, number: int) -> tuple[int, int]:
    while at < len(text) and text[at].isdecimal():
        number = wrap_int64(number * 10 + ord(text[at]) - ord("0"))
        at += 1
    return number, at
