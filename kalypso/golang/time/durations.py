"""Lengths of time as Go's ``time.Duration``: nanoseconds that print as ``1h2m3.5s``.

Source: Go's package time, time.go and format.go.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final

from kalypso.golang.bytestrings import to_bytes
from kalypso.golang.signatures import Kind, Method
from kalypso.golang.strconv import MAX_INT64, MIN_INT64
from kalypso.golang.values import GoObject, Int64

SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_PART: Final = re.compile(r"([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)", re.ASCII)
_LARGEST: Final = 1 << 63


class DurationError(ValueError):
    """A text is not a duration; the message is Go's."""


class Duration(GoObject, int):
    """A ``time.Duration``."""

    __slots__ = ()
    type_name: ClassVar[str] = "time.Duration"
    kind: ClassVar[str] = "int64"

    def text(self) -> str:
        """Return hours, minutes and seconds; below a second the fitting unit."""
        return format_duration(int(self))

    def yaml_scalar(self) -> str:
        """Return the text."""
        return self.text()

    def json_value(self) -> Int64:
        """Return the nanoseconds."""
        return Int64(self)


def format_duration(nanoseconds: int) -> str:
    """Write nanoseconds like ``Duration.String``."""
    sign = "-" if nanoseconds < 0 else ""
    size = abs(nanoseconds)
    if size == 0:
        return "0s"
    if size < SECOND:
        for unit, length in (("ms", 1_000_000), ("\u00b5s", 1_000), ("ns", 1)):
            if size >= length:
                return f"{sign}{_decimal(size, length)}{unit}"
    minutes, rest = divmod(size, MINUTE)
    text = f"{_decimal(rest, SECOND)}s"
    if minutes:
        text = f"{minutes % 60}m{text}"
    if minutes >= 60:  # minutes of an hour
        text = f"{minutes // 60}h{text}"
    return sign + text


def _decimal(size: int, unit: int) -> str:
    whole, fraction = divmod(size, unit)
    digits = f"{fraction:0{len(str(unit)) - 1}d}".rstrip("0") if fraction else ""
    return f"{whole}.{digits}" if digits else str(whole)


def parse_duration(text: str) -> int:
    """Read nanoseconds, as in ``1h15m30.918s``.

    Raises:
        DurationError: Not a duration, without a unit, or too long.
    """
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    if not body:
        raise DurationError(f"time: invalid duration {_quoted(text)}")
    total, at = 0, 0
    while at < len(body):
        match = _PART.match(body, at)
        if match is None or not (match[1] or match[3]):
            raise DurationError(f"time: invalid duration {_quoted(text)}")
        total += _part(match, text)
        if total > _LARGEST:
            raise DurationError(f"time: invalid duration {_quoted(text)}")
        at = match.end()
    total = -total if text.startswith("-") else total
    if total > MAX_INT64:
        raise DurationError(f"time: invalid duration {_quoted(text)}")
    return total


def _part(match: re.Match[str], text: str) -> int:
    digits, _, fraction, unit = match.groups()
    if not unit:
        raise DurationError(f"time: missing unit in duration {_quoted(text)}")
    if unit not in _UNITS:
        raise DurationError(f"time: unknown unit {_quoted(unit)} in duration {_quoted(text)}")
    whole = int((digits or "0")[:_DIGITS_READ])
    if len(digits.lstrip("0")) >= _DIGITS_READ or whole > _LARGEST // _UNITS[unit]:
        raise DurationError(f"time: invalid duration {_quoted(text)}")
    size = whole * _UNITS[unit]
    if fraction:
        kept = fraction[:18]
        size += int(float(int(kept)) * (float(_UNITS[unit]) / float(10 ** len(kept))))
    return size


_DIGITS_READ: Final = 20
"""Numbers of so many digits are too large for 64 bits."""


def _quoted(text: str) -> str:
    out = ""
    for char in text:
        if char in '"\\':
            out += f"\\{char}"
        elif " " <= char <= "\x7f":
            out += char
        else:
            out += "".join(f"\\x{byte:02x}" for byte in to_bytes(char))
    return f'"{out}"'


def clamped(nanoseconds: int) -> Duration:
    """Return a duration, the longest one if it would be longer."""
    return Duration(min(max(nanoseconds, MIN_INT64), MAX_INT64))


def rounded(nanoseconds: int, unit: int) -> int:
    """Round to a multiple of the unit, halves away from zero."""
    if unit <= 0:
        return nanoseconds
    size, rest = divmod(abs(nanoseconds), unit)
    size = (size + (2 * rest >= unit)) * unit
    return -size if nanoseconds < 0 else size


def _truncate(duration: Duration, unit: int) -> Duration:
    if unit <= 0:
        return duration
    size = abs(duration) // unit * unit
    return Duration(-size if duration < 0 else size)


def _float(unit: int) -> Method:
    def call(duration: Duration) -> float:
        whole, rest = divmod(abs(int(duration)), unit)
        size = float(whole) + float(rest) / float(unit)
        return -size if duration < 0 else size

    return Method((), call)


def _whole(unit: int) -> Method:
    def call(duration: Duration) -> Int64:
        size = abs(int(duration)) // unit
        return Int64(-size if duration < 0 else size)

    return Method((), call)


Duration.methods = {
    "Abs": Method((), lambda duration: clamped(abs(int(duration)))),
    "Hours": _float(HOUR),
    "Minutes": _float(MINUTE),
    "Seconds": _float(SECOND),
    "Milliseconds": _whole(1_000_000),
    "Microseconds": _whole(1_000),
    "Nanoseconds": _whole(1),
    "Round": Method((Kind.INT64,), lambda duration, unit: clamped(rounded(int(duration), unit))),
    "Truncate": Method((Kind.INT64,), _truncate),
    "String": Method((), Duration.text),
}
