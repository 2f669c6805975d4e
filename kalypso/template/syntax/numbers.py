"""Number literals of a template: which Go types each of them fits."""

from __future__ import annotations

import math

from kalypso.golang.strconv import (
    MAX_INT64,
    MIN_INT64,
    NumError,
    parse_float,
    parse_int,
    quote,
    unquote_rune,
)
from kalypso.golang.strconv import parse_uint as parse_unsigned
from kalypso.template.syntax.nodes import Number


class NumberError(ValueError):
    """A literal is not a number; the message is Go's."""


def parse_number(at: int, text: str) -> Number:
    """Read an integer, float or imaginary number.

    Raises:
        NumberError: The syntax is wrong, or the integer needs more than 64 bits.
    """
    if text.endswith("i"):
        number = _imaginary(at, text)
        if number is not None:
            return number
    as_int = _try_int(text)
    if as_int is not None:
        return Number(at, text, as_int, float(as_int))
    unsigned = _try_unsigned(text)
    if unsigned is not None:
        return Number(at, text, None, float(unsigned), overflows=True)
    as_float = _try_float(text)
    if as_float is None:
        raise NumberError(f"illegal number syntax: {quote(text)}")
    if not set(text) & set(".eEpP"):
        raise NumberError(f"integer overflow: {quote(text)}")
    return Number(at, text, _integral(as_float), as_float)


def parse_character(at: int, text: str) -> Number:
    """Read a character literal.

    Raises:
        LiteralError: The text is not a character literal.
    """
    code = unquote_rune(text)
    return Number(at, text, code, float(code))


def parse_complex(at: int, text: str) -> Number:
    """Read a literal such as ``1+2i``.

    Raises:
        NumberError: A part of the literal is not a number.
    """
    split = max(text.rfind("+"), text.rfind("-"))
    if text[split - 1] in "eEpP":
        split = max(text.rfind("+", 0, split), text.rfind("-", 0, split))
    real, imaginary = _try_float(text[:split]), _try_float(text[split:-1])
    if real is None or imaginary is None:
        raise NumberError("syntax error scanning complex number")
    return _complex(at, text, complex(real, imaginary))


def _imaginary(at: int, text: str) -> Number | None:
    part = _try_float(text[:-1])
    return None if part is None else _complex(at, text, complex(0.0, part))


def _complex(at: int, text: str, value: complex) -> Number:
    if value.imag != 0.0:
        return Number(at, text, as_complex=value)
    return Number(at, text, _integral(value.real), value.real, value)


def _integral(number: float) -> int | None:
    if math.isfinite(number) and number.is_integer() and MIN_INT64 <= number <= MAX_INT64:
        return int(number)
    return None


def _try_int(text: str) -> int | None:
    try:
        return parse_int(text, 0)
    except NumError:
        return None


def _try_unsigned(text: str) -> int | None:
    try:
        return parse_unsigned(text, 0)
    except NumError:
        return None


def _try_float(text: str) -> float | None:
    try:
        return parse_float(text)
    except NumError:
        return None
