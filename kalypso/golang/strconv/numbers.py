"""Numbers from text and back, as Go's ``strconv`` reads and writes them."""

from __future__ import annotations

import math
import re

from kalypso.golang.strconv.quoting import quote

MAX_INT64 = (1 << 63) - 1
MIN_INT64 = -(1 << 63)
MAX_UINT64 = (1 << 64) - 1

_LONGEST_UINT64 = 64
"""Digits of the largest number in the smallest base; Python refuses to read very long ones."""

_DIGITS = {2: "01", 8: "01234567", 10: "0123456789", 16: "0123456789abcdef"}
_PREFIXES = {"0b": 2, "0o": 8, "0x": 16}
_DECIMAL_FLOAT = re.compile(r"[+-]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][+-]?[0-9_]+)?", re.ASCII)
_HEX_FLOAT = re.compile(
    r"[+-]?0[xX](?:[0-9a-fA-F_]+\.?[0-9a-fA-F_]*|\.[0-9a-fA-F_]+)[pP][+-]?[0-9_]+", re.ASCII
)
_SPECIAL_FLOAT = re.compile(r"[+-]?(?:inf|infinity)|nan", re.IGNORECASE)


class NumError(ValueError):
    """Text is not a number of the wanted kind; the message is Go's."""

    def __init__(self, function: str, text: str, reason: str) -> None:
        super().__init__(f"strconv.{function}: parsing {quote(text)}: {reason}")
        self.reason = reason


def wrap_int64(number: int) -> int:
    """Return what an int64 holds after an operation that may have overflowed."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def parse_int(text: str, base: int = 10) -> int:
    """Read an int64; base 0 takes the base from the prefix and allows underscores.

    Raises:
        NumError: Not a number, or beyond 64 bits.
    """
    negative = text.startswith("-")
    digits = text[1:] if text[:1] in ("+", "-") else text
    number = _parse_digits("ParseInt", text, digits, base)
    number = -number if negative else number
    if not MIN_INT64 <= number <= MAX_INT64:
        raise NumError("ParseInt", text, "value out of range")
    return number


def parse_uint(text: str, base: int = 10) -> int:
    """Read an uint64; no sign is allowed.

    Raises:
        NumError: Not a number, or beyond 64 bits.
    """
    number = _parse_digits("ParseUint", text, text, base)
    if number > MAX_UINT64:
        raise NumError("ParseUint", text, "value out of range")
    return number


def _parse_digits(function: str, text: str, digits: str, base: int) -> int:
    wanted = digits.lower()
    if base == 0:
        base = 10
        if wanted.startswith("0") and len(wanted) > 1:
            base = _PREFIXES.get(wanted[:2], 8)
            wanted = wanted[2:] if wanted[:2] in _PREFIXES else wanted[1:]
        if "_" in digits and not underscores_fit(digits):
            raise NumError(function, text, "invalid syntax")
        wanted = wanted.replace("_", "")
    if not wanted or wanted.strip(_DIGITS[base]):
        raise NumError(function, text, "invalid syntax")
    wanted = wanted.lstrip("0") or "0"
    return int(wanted, base) if len(wanted) <= _LONGEST_UINT64 else MAX_UINT64 + 1


def underscores_fit(text: str) -> bool:
    """Return whether underscores stand between digits only, or after a base prefix."""
    body = text[1:] if text[:1] in ("+", "-") else text
    last = "^"
    hexadecimal = False
    if body[:2].lower() in _PREFIXES:
        hexadecimal = body[1] in "xX"
        body, last = body[2:], "0"
    for char in body:
        if char in "0123456789" or (hexadecimal and char in "abcdefABCDEF"):
            last = "0"
        elif char == "_":
            if last != "0":
                return False
            last = "_"
        else:
            if last == "_":
                return False
            last = "!"
    return last != "_"


def parse_float(text: str) -> float:
    """Read a float64: decimal, hexadecimal with exponent, ``inf``, ``nan``; underscores as in Go.

    Raises:
        NumError: Not a number, or too large for a float64.
    """
    if _SPECIAL_FLOAT.fullmatch(text):
        return float(text)
    hexadecimal = _HEX_FLOAT.fullmatch(text) is not None
    plain = text.replace("_", "")
    if not hexadecimal and not _DECIMAL_FLOAT.fullmatch(text):
        raise NumError("ParseFloat", text, "invalid syntax")
    if plain != text and not underscores_fit(text):
        raise NumError("ParseFloat", text, "invalid syntax")
    try:
        number = float.fromhex(plain) if hexadecimal else float(plain)
    except OverflowError:
        number = math.inf
    except ValueError:
        raise NumError("ParseFloat", text, "invalid syntax") from None
    if math.isinf(number):
        raise NumError("ParseFloat", text, "value out of range")
    return number


def shortest_digits(number: float) -> tuple[str, int]:
    """Return the fewest digits that read back to a finite number's magnitude, and the exponent.

    The value is ``0.DIGITS`` times ten to the power of the exponent; zero has no digits.
    """
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole) + len(fraction) - len(digits))
    digits = digits.rstrip("0")
    return digits, point if digits else 1
