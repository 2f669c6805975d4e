"""Integer and float arithmetic, and lists of numbers.

Integers have 64 bits and wrap around, as in Go.

Source: Sprig v2.22.0 and v3.3.0, numeric.go and functions.go.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from kalypso.golang.fmt import sprint_v
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.sizes import check_items, check_text
from kalypso.golang.strconv import (
    MAX_INT64,
    MIN_INT64,
    NumError,
    parse_int,
    wrap_int64,
)
from kalypso.golang.values import Int64, IntList, Value
from kalypso.template.functions import Function
from kalypso.template.sprig.conversion import to_float64, to_int, to_int64
from kalypso.template.sprig.panics import DIVIDE_BY_ZERO

_HALF = 0.5
_RANGE_WITH_STEP = 3


def atoi(text: str) -> int:
    """Read an integer; 0 for what is none, the nearest one for what is too large."""
    try:
        return parse_int(text)
    except NumError as error:
        if error.reason == "value out of range":
            return MIN_INT64 if text.startswith("-") else MAX_INT64
        return 0


def to_decimal(value: Value) -> Int64:
    """Read the value's text in base 8."""
    try:
        return Int64(parse_int(sprint_v(value), 8))
    except NumError:
        return Int64(0)


def add(*values: Value) -> Int64:
    """Return the sum."""
    return Int64(wrap_int64(sum(map(to_int64, values))))


def subtract(left: Value, right: Value) -> Int64:
    """Return the difference."""
    return Int64(wrap_int64(to_int64(left) - to_int64(right)))


def multiply(first: Value, *values: Value) -> Int64:
    """Return the product."""
    product = to_int64(first)
    for value in values:
        product = wrap_int64(product * to_int64(value))
    return Int64(product)


def divide(left: Value, right: Value) -> Int64:
    """Return the quotient, cut towards zero."""
    dividend, divisor = to_int64(left), to_int64(right)
    if divisor == 0:
        raise FunctionError(DIVIDE_BY_ZERO)
    quotient = abs(dividend) // abs(divisor)
    return Int64(wrap_int64(quotient if (dividend < 0) == (divisor < 0) else -quotient))


def modulo(left: Value, right: Value) -> Int64:
    """Return the remainder; it has the sign of the dividend."""
    dividend, divisor = to_int64(left), to_int64(right)
    if divisor == 0:
        raise FunctionError(DIVIDE_BY_ZERO)
    remainder = abs(dividend) % abs(divisor)
    return Int64(-remainder if dividend < 0 else remainder)


def largest(first: Value, *values: Value) -> Int64:
    """Return the largest, as an integer."""
    return Int64(max(map(to_int64, (first, *values))))


def smallest(first: Value, *values: Value) -> Int64:
    """Return the smallest, as an integer."""
    return Int64(min(map(to_int64, (first, *values))))


def _whole(rounding: Callable[[float], int]) -> Callable[[Value], float]:
    def call(value: Value) -> float:
        number = to_float64(value)
        if not math.isfinite(number):
            return number
        return math.copysign(float(rounding(number)), number)

    return call


_floor, _ceil = _whole(math.floor), _whole(math.ceil)


def round_to(value: Value, places: int, *threshold: float) -> float:
    """Round to decimal places; a fraction from the threshold (0.5) on goes up."""
    power = _power_of_ten(places)
    shifted = power * to_float64(value)
    fraction = math.modf(shifted)[0] if math.isfinite(shifted) else math.nan
    up = fraction >= (threshold[0] if threshold else _HALF)
    rounded = _ceil(shifted) if up else _floor(shifted)
    if power == 0.0:
        return (
            math.nan if rounded == 0.0 or math.isnan(rounded) else math.copysign(math.inf, rounded)
        )
    return rounded / power


def _power_of_ten(exponent: int) -> float:
    """Return ``math.Pow(10, exponent)`` with Go's way of rounding."""
    mantissa, mantissa_exponent = 1.0, 0
    square, square_exponent = math.frexp(10.0)
    left = abs(exponent)
    while left:
        if square_exponent > 1 << 12:
            mantissa_exponent += square_exponent
            break
        if left & 1:
            mantissa *= square
            mantissa_exponent += square_exponent
        square, square_exponent = square * square, square_exponent * 2
        if square < _HALF:
            square, square_exponent = square * 2, square_exponent - 1
        left >>= 1
    if exponent < 0:
        mantissa, mantissa_exponent = 1 / mantissa, -mantissa_exponent
    try:
        return math.ldexp(mantissa, mantissa_exponent)
    except OverflowError:
        return math.inf


def until(count: int) -> IntList:
    """Return the integers from 0 to before the count, downwards for a negative one."""
    return until_step(0, count, -1 if count < 0 else 1)


def until_step(start: int, stop: int, step: int) -> IntList:
    """Return the integers from start to before stop; none if the step leads away."""
    if (step >= 0) if stop < start else (step <= 0):
        return IntList()
    numbers = range(start, stop, step)
    check_items((abs(stop - start) + abs(step) - 1) // abs(step))
    return IntList(numbers)


def seq(*bounds: int) -> str:
    """Return integers with spaces between: to an end, from a start, with a step between them."""
    if not 1 <= len(bounds) <= _RANGE_WITH_STEP:
        return ""
    start, end = (bounds[0], bounds[-1]) if len(bounds) > 1 else (1, bounds[0])
    increment = -1 if end < start else 1
    step = increment
    if len(bounds) == _RANGE_WITH_STEP:
        step = bounds[1]
        if end < start and step > 0:
            return ""
    text = " ".join(map(str, until_step(start, end + increment, step)))
    check_text(len(text))
    return text


_ONE = (Kind.ANY,)
_TWO = (Kind.ANY, Kind.ANY)

FUNCTIONS: dict[str, Function] = {
    "atoi": Function((Kind.STRING,), atoi),
    "int": Function(_ONE, to_int),
    "int64": Function(_ONE, lambda value: Int64(to_int64(value))),
    "float64": Function(_ONE, to_float64),
    "toDecimal": Function(_ONE, to_decimal),
    "add": Function(_ONE, add, variadic=True),
    "add1": Function(_ONE, lambda value: Int64(wrap_int64(to_int64(value) + 1))),
    "sub": Function(_TWO, subtract),
    "mul": Function(_TWO, multiply, variadic=True),
    "div": Function(_TWO, divide),
    "mod": Function(_TWO, modulo),
    "max": Function(_TWO, largest, variadic=True),
    "biggest": Function(_TWO, largest, variadic=True),
    "min": Function(_TWO, smallest, variadic=True),
    "floor": Function(_ONE, _floor),
    "ceil": Function(_ONE, _ceil),
    "round": Function((Kind.ANY, Kind.INT, Kind.FLOAT64), round_to, variadic=True),
    "until": Function((Kind.INT,), until),
    "untilStep": Function((Kind.INT, Kind.INT, Kind.INT), until_step),
}
FUNCTIONS_V3: dict[str, Function] = {
    "seq": Function((Kind.INT,), seq, variadic=True),
}
