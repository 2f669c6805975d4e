"""Floats as Go's ``strconv.FormatFloat`` writes them: every verb, any precision."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from kalypso.golang.strconv.numbers import shortest_digits

SHORTEST: Final = -1
"""Precision that asks for the fewest digits that read back to the same number."""

_SHORTEST_LARGE_EXPONENT: Final = 6
_SMALL_EXPONENT: Final = -4
_MANTISSA_BITS: Final = 52
_BIAS: Final = 1074


def format_float(number: float, verb: str, precision: int = SHORTEST) -> str:
    """Write a float64 with one of the verbs ``e E f F g G b x X``.

    Args:
        number: Also infinite or NaN: ``+Inf``, ``-Inf``, ``NaN``.
        verb: As in Go's fmt package.
        precision: Digits after the point, for ``g`` all of them; :data:`SHORTEST` for as many
            as are needed.
    """
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    return sign + _WRITERS[verb](abs(number), precision)


def _scientific(number: float, precision: int) -> str:
    if precision == SHORTEST:
        digits, point = shortest_digits(number)
        return _exponent_form(digits, point)
    return f"{number:.{precision}e}"


def _exponent_form(digits: str, point: int) -> str:
    digits = digits or "0"
    exponent = point - 1
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _positional(number: float, precision: int) -> str:
    if precision == SHORTEST:
        return _point_form(*shortest_digits(number))
    return f"{number:.{precision}f}"


def _point_form(digits: str, point: int) -> str:
    if not digits:
        return "0"
    if point <= 0:
        return "0." + "0" * -point + digits
    if len(digits) <= point:
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"


def _general(number: float, precision: int) -> str:
    if precision == SHORTEST:
        digits, point = shortest_digits(number)
        limit = _SHORTEST_LARGE_EXPONENT
    else:
        limit = precision = precision or 1
        mantissa, _, exponent = f"{number:.{precision - 1}e}".partition("e")
        digits = mantissa.replace(".", "").rstrip("0")
        point = int(exponent) + 1 if digits else 1
        if limit > len(digits) >= point:
            limit = len(digits)
    # A limit below the number of digits before the point cannot be met without an exponent.
    if _SMALL_EXPONENT <= point - 1 < limit:
        return _point_form(digits, point)
    return _exponent_form(digits, point)


def _binary(number: float, _precision: int) -> str:
    mantissa, exponent = _mantissa_and_exponent(number)
    return f"{mantissa}p{'-' if exponent < 0 else '+'}{abs(exponent)}"


def _mantissa_and_exponent(number: float) -> tuple[int, int]:
    """Return the bits of the mantissa, the hidden one included, and their exponent."""
    fraction, exponent = math.frexp(number)
    exponent = max(exponent - _MANTISSA_BITS - 1, -_BIAS)
    return int(math.ldexp(number, -exponent)) if fraction else 0, exponent if fraction else -_BIAS


def _hexadecimal(number: float, precision: int) -> str:
    if number == 0.0:
        fraction = "." + "0" * precision if precision > 0 else ""
        return f"0x0{fraction}p+00"
    mantissa, exponent = _mantissa_and_exponent(number)
    shift = _MANTISSA_BITS + 1 - mantissa.bit_length()
    mantissa, exponent = mantissa << shift, exponent - shift
    places = 13
    if SHORTEST < precision < places:
        mantissa = _round_half_even(mantissa, 4 * (places - precision))
        places = precision
        if mantissa.bit_length() > 4 * places + 1:
            mantissa, exponent = mantissa >> 1, exponent + 1
    digits = f"{mantissa:x}"
    fraction = digits[1:]
    fraction = fraction.rstrip("0") if precision == SHORTEST else fraction.ljust(precision, "0")
    power = exponent + _MANTISSA_BITS
    point = "." if fraction else ""
    return f"0x1{point}{fraction}p{'-' if power < 0 else '+'}{abs(power):02d}"


def _round_half_even(mantissa: int, bits: int) -> int:
    kept, lost = mantissa >> bits, mantissa & ((1 << bits) - 1)
    half = 1 << (bits - 1)
    return kept + (lost > half or (lost == half and kept & 1))


def _upper(write: Callable[[float, int], str]) -> Callable[[float, int], str]:
    return lambda number, precision: write(number, precision).upper()


_WRITERS: Final[Mapping[str, Callable[[float, int], str]]] = {
    "e": _scientific,
    "E": _upper(_scientific),
    "f": _positional,
    "F": _positional,
    "g": _general,
    "G": _upper(_general),
    "b": _binary,
    "x": _hexadecimal,
    "X": _upper(_hexadecimal),
}
