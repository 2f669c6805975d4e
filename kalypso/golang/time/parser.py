"""Reads dates by Go's layouts.

Source: Go's package time, format.go (``ParseInLocation`` with a local zone of UTC).
"""

from __future__ import annotations

import re

import msgspec

from kalypso.golang.bytestrings import to_bytes
from kalypso.golang.time.calendar import (
    MONTHS,
    WEEKDAYS,
    civil_from_days,
    days_from_civil,
    days_in_month,
    is_leap,
)
from kalypso.golang.time.layouts import split_layout
from kalypso.golang.time.locations import LOCAL, UTC, Location
from kalypso.golang.time.times import Time, make_time

_TWO_DIGIT_PIVOT = 69
_MIDNIGHT = 24
_NOON = 12
_NANO_DIGITS = 9
_OFFSET_LIMITS = ((60, "second"), (60, "minute"), (24, "hour"))
_CLOCK_LIMITS = {
    "15": (24, "hour"),
    "3": (13, "hour"),
    "4": (60, "minute"),
    "5": (60, "second"),
}
_UPPER = re.compile(r"[A-Z]{0,6}", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_SIGNED = re.compile(r"[+-]?[0-9]+", re.ASCII)
_SIGNED_OFFSET = re.compile(r"[+-][0-9]+", re.ASCII)
_OFFSET_SHAPES = {
    "-0700": r"(.)(..)(..)()",
    "-07:00": r"(.)(..):(..)()",
    "-07": r"(.)(..)()()",
    "-070000": r"(.)(..)(..)(..)",
    "-07:00:00": r"(.)(..):(..):(..)",
}


class ParseError(ValueError):
    """A text is not a time of the layout; the message is Go's."""


class _BadValueError(Exception):
    """The value does not start with what the element wants."""


class _RangeError(Exception):
    """A part of the date is out of its range; the argument names it."""


class _Parts(msgspec.Struct):
    year: int = 0
    month: int = -1
    day: int = -1
    year_day: int = -1
    hour: int = 0
    minute: int = 0
    second: int = 0
    nanos: int = 0
    half: str = ""
    """``am`` or ``pm``."""
    location: Location | None = None
    offset: int | None = None
    zone_name: str = ""


def parse_time(layout: str, text: str) -> Time:
    """Read a time; what the layout lacks is 0, the first month, the first day, UTC.

    Raises:
        ParseError: The text does not follow the layout, or names no day of the calendar.
    """
    parts = _Parts()
    elements, rest = split_layout(layout)
    value = text
    for index, (before, element) in enumerate(elements):
        value = _skip(layout, text, value, before)
        hold = value
        following = elements[index + 1] if index + 1 < len(elements) else ("x", "")
        try:
            value = _read(parts, element, value, following=following)
        except _BadValueError:
            raise ParseError(_cannot_parse(layout, text, hold, element)) from None
        except _RangeError as error:
            raise ParseError(f"parsing time {_quoted(text)}: {error} out of range") from None
    value = _skip(layout, text, value, rest)
    if value:
        raise ParseError(f"parsing time {_quoted(text)}: extra text: {_quoted(value)}")
    try:
        _settle_day(parts)
    except _RangeError as error:
        raise ParseError(f"parsing time {_quoted(text)}: {error}") from None
    return _assemble(parts)


def parses(layout: str, text: str) -> bool:
    """Return whether the text is a time of that layout."""
    try:
        parse_time(layout, text)
    except ParseError:
        return False
    return True


def _cannot_parse(layout: str, text: str, value: str, element: str) -> str:
    return (
        f"parsing time {_quoted(text)} as {_quoted(layout)}: "
        f"cannot parse {_quoted(value)} as {_quoted(element)}"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub("[^ -\x7f]", _hexadecimal, escaped) + '"'


def _hexadecimal(match: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in to_bytes(match[0]))


def _skip(layout: str, text: str, value: str, fixed: str) -> str:
    """Step over fixed text; a run of spaces stands for any number of them."""
    rest = fixed
    while rest:
        spaces = rest[0] == " "
        if (value and value[0] != " ") if spaces else value[:1] != rest[0]:
            raise ParseError(_cannot_parse(layout, text, value, fixed))
        rest = rest.lstrip(" ") if spaces else rest[1:]
        value = value.lstrip(" ") if spaces else value[1:]
    return value


def _read(parts: _Parts, element: str, value: str, *, following: tuple[str, str]) -> str:
    """Read one element; return what is left of the value."""
    if element[0] in "-Z":
        return _read_offset(parts, element, value)
    if element[0] in ".,":
        return _read_fraction(parts, element, value)
    if element == "MST":
        return _read_zone(parts, value)
    if element in ("15", "3", "03", "4", "04", "5", "05", "PM", "pm"):
        return _read_clock(parts, element, value, following=following)
    return _read_date(parts, element, value)


def _read_date(parts: _Parts, element: str, value: str) -> str:
    match element:
        case "2006" | "06":
            digits = value[: len(element) if element == "2006" else 2]
            if len(digits) < len(element) or not _year_fits(digits):
                raise _BadValueError
            parts.year = int(digits)
            if element == "06":
                parts.year += 1900 if parts.year >= _TWO_DIGIT_PIVOT else 2000
            return value[len(element) :]
        case "January" | "Jan":
            names = MONTHS if element == "January" else tuple(name[:3] for name in MONTHS)
            index, value = _lookup(names, value)
            parts.month = index + 1
        case "Monday" | "Mon":
            names = WEEKDAYS if element == "Monday" else tuple(name[:3] for name in WEEKDAYS)
            _, value = _lookup(names, value)
        case "1" | "01":
            parts.month, value = _number(value, fixed=element == "01")
            if not 1 <= parts.month <= 12:  # months
                raise _RangeError("month")
        case "2" | "_2" | "02":
            if element == "_2":
                value = value.removeprefix(" ")
            parts.day, value = _number(value, fixed=element == "02")
        case _:
            value = _read_year_day(parts, element, value)
    return value


def _year_fits(digits: str) -> bool:
    if len(digits) == len("06") and digits[0] in "+-":
        return digits[1:].isdecimal() and digits.isascii()
    return digits.isdecimal() and digits.isascii()


def _read_year_day(parts: _Parts, element: str, value: str) -> str:
    if element == "__2":
        value = value.removeprefix(" ").removeprefix(" ")
    digits = re.match(r"[0-9]{1,3}", value, re.ASCII)
    if digits is None or (element == "002" and len(digits[0]) != len(element)):
        raise _BadValueError
    parts.year_day = int(digits[0])
    return value[digits.end() :]


def _read_clock(parts: _Parts, element: str, value: str, *, following: tuple[str, str]) -> str:
    if element in ("PM", "pm"):
        half = value[:2]
        if half not in (("AM", "PM") if element == "PM" else ("am", "pm")):
            raise _BadValueError
        parts.half = half.lower()
        return value[2:]
    number, value = _number(value, fixed=element[0] == "0")
    limit, unit = _CLOCK_LIMITS[element[-1] if element != "15" else element]
    if number >= limit:
        raise _RangeError(unit)
    setattr(parts, unit, number)
    if unit == "second" and following[1][:1] not in (".", ","):
        value = _read_extra_fraction(parts, value)
    return value


def _read_extra_fraction(parts: _Parts, value: str) -> str:
    """Take a fraction of a second that the layout does not mention."""
    if value[:1] in (".", ",") and (digits := _DIGITS.match(value, 1)):
        parts.nanos = _nanos(digits[0])
        return value[digits.end() :]
    return value


def _read_fraction(parts: _Parts, element: str, value: str) -> str:
    if element[1] == "9":
        return _read_extra_fraction(parts, value)
    digits = value[1 : len(element)]
    if value[:1] not in (".", ",") or len(digits) < len(element) - 1:
        raise _BadValueError
    digits = digits[:_NANO_DIGITS]
    if not _SIGNED.fullmatch(digits):
        raise _BadValueError
    if digits[0] == "-" and int(digits):
        raise _RangeError("fractional second")
    parts.nanos = abs(int(digits)) * 10 ** (_NANO_DIGITS - len(digits))
    return value[len(element) :]


def _nanos(digits: str) -> int:
    return int(digits[:_NANO_DIGITS].ljust(_NANO_DIGITS, "0"))


def _read_offset(parts: _Parts, element: str, value: str) -> str:
    if element[0] == "Z" and value[:1] == "Z":
        parts.location = UTC
        return value[1:]
    match = re.compile(_OFFSET_SHAPES["-" + element[1:]], re.DOTALL).match(value)
    if match is None:
        raise _BadValueError
    numbers, complete = _offset_numbers(match)
    if match[1] not in ("+", "-") or not complete:
        raise _BadValueError
    offset = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2]
    parts.offset = -offset if match[1] == "-" else offset
    return value[match.end() :]


def _offset_numbers(match: re.Match[str]) -> tuple[list[int], bool]:
    """Return hours, minutes and seconds, and whether all of them are numbers."""
    numbers = [0, 0, 0]
    complete = False
    try:
        for index, text in enumerate(match.groups()[1:]):
            numbers[index] = _number(text or "00", fixed=True)[0]
        complete = True
    except _BadValueError:
        pass
    # Go looks at all of them, complains of the last one, and that before anything else.
    for number, (limit, unit) in zip(reversed(numbers), _OFFSET_LIMITS, strict=True):
        if number > limit:
            raise _RangeError(f"time zone offset {unit}")
    return numbers, complete


def _read_zone(parts: _Parts, value: str) -> str:
    if value.startswith("UTC"):
        parts.location = UTC
        return value[3:]
    length = _zone_length(value)
    if not length:
        raise _BadValueError
    parts.zone_name = value[:length]
    return value[length:]


def _zone_length(value: str) -> int:
    """Return how many characters look like a zone's abbreviation; 0 for none."""
    if len(value) < 3:  # the shortest abbreviation
        return 0
    if value.startswith(("ChST", "MeST")):
        return 4
    if value.startswith("GMT"):
        return 3 + _signed_offset_length(value[3:])
    if value[0] in "+-":
        return _signed_offset_length(value)
    upper = _UPPER.match(value)
    name = upper[0] if upper else ""
    if len(name) == 3 or name == "WITA" or (len(name) in (4, 5) and name[-1] == "T"):
        return len(name)
    return 0


def _signed_offset_length(value: str) -> int:
    match = _SIGNED_OFFSET.match(value)
    return len(match[0]) if match and int(match[0][1:20]) < _MIDNIGHT else 0


def _lookup(names: tuple[str, ...], value: str) -> tuple[int, str]:
    for index, name in enumerate(names):
        head = value[: len(name)]
        if head.isascii() and head.lower() == name.lower():
            return index, value[len(name) :]
    raise _BadValueError


def _number(value: str, *, fixed: bool) -> tuple[int, str]:
    """Read one or two digits; ``fixed`` wants two."""
    digits = _DIGITS.match(value[:2])
    if digits is None or (fixed and len(digits[0]) == 1):
        raise _BadValueError
    return int(digits[0]), value[digits.end() :]


def _settle_day(parts: _Parts) -> None:
    if parts.half == "pm" and parts.hour < _NOON:
        parts.hour += _NOON
    elif parts.half == "am" and parts.hour == _NOON:
        parts.hour = 0
    if parts.year_day >= 0:
        if not 1 <= parts.year_day <= 365 + is_leap(parts.year):
            raise _RangeError("day-of-year out of range")
        start = days_from_civil(parts.year, 1, 1)
        _, month, day = civil_from_days(start + parts.year_day - 1)
        if parts.month >= 0 and parts.month != month:
            raise _RangeError("day-of-year does not match month")
        if parts.day >= 0 and parts.day != day:
            raise _RangeError("day-of-year does not match day")
        parts.month, parts.day = month, day
    parts.month = max(parts.month, 1)
    parts.day = 1 if parts.day < 0 else parts.day
    if not 1 <= parts.day <= days_in_month(parts.year, parts.month):
        raise _RangeError("day out of range")


def _assemble(parts: _Parts) -> Time:
    seconds = (parts.hour * 60 + parts.minute) * 60 + parts.second
    time = make_time((parts.year, parts.month, parts.day), seconds, parts.nanos, UTC)
    if parts.location is not None:
        return time
    if parts.offset is not None and parts.offset != -1:
        time = time.add(-parts.offset * 1_000_000_000)
        if parts.offset == 0 and parts.zone_name in ("", "UTC"):
            return time.at(LOCAL)
        return time.at(Location(parts.zone_name, parts.offset))
    if parts.zone_name:
        offset = int(parts.zone_name[3:] or 0) * 3600 if parts.zone_name.startswith("GMT") else 0
        return time.at(Location(parts.zone_name, offset))
    return time.at(LOCAL)
