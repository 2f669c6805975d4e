"""Float arithmetic of v3 that goes through decimal fractions: 0.1 and 0.2 make 0.3.

Source: Sprig v3.3.0, functions.go and numeric.go; shopspring/decimal v1.4.0.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.strconv import format_float
from kalypso.golang.values import Value
from kalypso.template.functions import Function
from kalypso.template.sprig.conversion import to_float64

_DIVISION_SCALE: Final = 10**16
"""A quotient keeps 16 decimal places."""

_Operation = Callable[[Fraction, Fraction], Fraction]


def _exact(value: Value) -> Fraction:
    number = to_float64(value)
    if not math.isfinite(number):
        raise FunctionError(f"Cannot create a Decimal from {format_float(number, 'g')}")
    return Fraction(repr(number))


def _divide(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise FunctionError("decimal division by 0")
    scaled = abs(left / right) * _DIVISION_SCALE
    quotient = Fraction(math.floor(scaled + Fraction(1, 2)), _DIVISION_SCALE)
    return quotient if (left < 0) == (right < 0) else -quotient


def _fold(first: Value, values: tuple[Value, ...], operation: _Operation) -> float:
    result = _exact(first)
    for value in values:
        result = operation(result, _exact(value))
    try:
        return float(result)
    except OverflowError:
        return math.inf if result > 0 else -math.inf


def _function(operation: _Operation) -> Function:
    def call(first: Value, *values: Value) -> float:
        return _fold(first, values, operation)

    return Function((Kind.ANY, Kind.ANY), call, variadic=True)


def _extreme(pick: Callable[[float, float], float]) -> Function:
    def call(first: Value, *values: Value) -> float:
        result = to_float64(first)
        for value in values:
            result = pick(result, to_float64(value))
        return result

    return Function((Kind.ANY, Kind.ANY), call, variadic=True)


def _largest(left: float, right: float) -> float:
    if math.inf in (left, right):
        return math.inf
    if math.isnan(left) or math.isnan(right):
        return math.nan
    if left == right == 0.0:
        return left if math.copysign(1.0, left) > 0 else right
    return max(left, right)


def _smallest(left: float, right: float) -> float:
    return -_largest(-left, -right)


FUNCTIONS_V3: dict[str, Function] = {
    "addf": Function((Kind.ANY,), lambda *values: _fold(0.0, values, operator.add), variadic=True),
    "add1f": Function((Kind.ANY,), lambda value: _fold(value, (1,), operator.add)),
    "subf": _function(operator.sub),
    "mulf": _function(operator.mul),
    "divf": _function(_divide),
    "maxf": _extreme(_largest),
    "minf": _extreme(_smallest),
}
