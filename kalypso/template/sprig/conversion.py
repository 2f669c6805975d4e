"""Any value as a number or a truth: what is not a number is 0, what is empty is false.

Source: Sprig v2.22.0, numeric.go and defaults.go; spf13/cast v1.7.0 for v3.3.0.
"""

from __future__ import annotations

import math
from typing import Final

from kalypso.golang.strconv import (
    MAX_INT64,
    MIN_INT64,
    NumError,
    parse_float,
    parse_int,
    wrap_int64,
)
from kalypso.golang.values import GoObject, Struct, Value

_FIRST_TOO_LARGE: Final = 2.0**63


def to_int64(value: Value) -> int:
    """Return an integer of 64 bits; texts are read in base 10, too large an uint64 is cut."""
    if isinstance(value, str):
        return _parsed(value, 10)
    if isinstance(value, float):
        return truncated(value)
    return min(int(value), MAX_INT64) if isinstance(value, int) else 0


to_int = to_int64


def to_int_v3(value: Value) -> int:
    """Return an integer of 64 bits as v3 does: texts may have a prefix, uint64 wraps around."""
    if isinstance(value, str):
        whole, point, zeros = value.rpartition(".")
        return _parsed(whole if point and zeros and not zeros.strip("0") else value, 0)
    return wrap_int64(int(value)) if isinstance(value, int) else to_int64(value)


def _parsed(text: str, base: int) -> int:
    try:
        return parse_int(text, base)
    except NumError:
        return 0


def truncated(number: float) -> int:
    """Return ``int64(number)`` as Go on amd64 does: out of range is the smallest int64."""
    if math.isfinite(number) and -_FIRST_TOO_LARGE <= number < _FIRST_TOO_LARGE:
        return int(number)
    return MIN_INT64


def to_float64(value: Value) -> float:
    """Return a float."""
    if isinstance(value, str):
        try:
            return parse_float(value)
        except NumError:
            return 0.0
    return float(value) if isinstance(value, (int, float)) else 0.0


def is_empty(value: Value) -> bool:
    """Return whether the value is nil, false, 0, or has no characters or items."""
    if isinstance(value, GoObject):
        return isinstance(value, int) and value == 0
    return not isinstance(value, Struct) and not value
