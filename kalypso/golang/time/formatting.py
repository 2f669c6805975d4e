"""Times as text by Go's layouts: the other direction of ``parser``.

Source: Go's package time, format.go.
"""

from __future__ import annotations

from typing import Protocol

from kalypso.golang.time.calendar import MONTHS, WEEKDAYS
from kalypso.golang.time.layouts import split_layout

_OFFSET_SHORT = ("-07", "Z07")
_NANO_DIGITS = 9
_NOON = 12


class Moment(Protocol):
    """What a layout may show of a time."""

    @property
    def nanos(self) -> int:
        """Nanoseconds of the last second."""

    def date(self) -> tuple[int, int, int]:
        """Return year, month and day."""

    def clock(self) -> tuple[int, int, int]:
        """Return hour, minute and second."""

    def weekday(self) -> int:
        """Return the day of the week, counted from Sunday as 0."""

    def year_day(self) -> int:
        """Return the day of the year, counted from 1."""

    def zone(self) -> tuple[str, int]:
        """Return the abbreviation and the offset in seconds."""


def format_time(time: Moment, layout: str) -> str:
    """Write a time by a layout."""
    parts, rest = split_layout(layout)
    return "".join(before + _format_element(time, element) for before, element in parts) + rest


def _format_element(time: Moment, element: str) -> str:
    if element[0] in "-Z":
        return _format_offset(time.zone()[1], element)
    if element[0] in ".,":
        return _format_fraction(time.nanos, element)
    if element == "MST":
        name, offset = time.zone()
        return name or _format_offset(offset, "-0700")
    if element in ("15", "3", "03", "4", "04", "5", "05", "PM", "pm"):
        return _format_clock(time, element)
    return _format_date(time, element)


def _format_date(time: Moment, element: str) -> str:  # noqa: PLR0911 - one line an element
    year, month, day = time.date()
    match element:
        case "2006":
            return f"{'-' if year < 0 else ''}{abs(year):04d}"
        case "06":
            return f"{abs(year) % 100:02d}"
        case "January" | "Jan":
            return MONTHS[month - 1][: None if element == "January" else 3]
        case "Monday" | "Mon":
            return WEEKDAYS[time.weekday()][: None if element == "Monday" else 3]
        case "1" | "01":
            return f"{month:0{len(element)}d}"
        case "2" | "02":
            return f"{day:0{len(element)}d}"
        case "_2":
            return f"{day:2d}"
        case "__2":
            return f"{time.year_day():3d}"
        case _:
            return f"{time.year_day():03d}"


def _format_clock(time: Moment, element: str) -> str:
    hour, minute, second = time.clock()
    match element:
        case "15":
            return f"{hour:02d}"
        case "3" | "03":
            return f"{hour % _NOON or _NOON:0{len(element)}d}"
        case "4" | "04":
            return f"{minute:0{len(element)}d}"
        case "5" | "05":
            return f"{second:0{len(element)}d}"
        case _:
            name = "PM" if hour >= _NOON else "AM"
            return name if element == "PM" else name.lower()


def _format_offset(offset: int, element: str) -> str:
    if element[0] == "Z" and offset == 0:
        return "Z"
    # Go cuts towards zero before it looks at the sign: -00:00:30 has a plus.
    minutes = abs(offset) // 60
    sign = "-" if offset <= -60 else "+"  # seconds of a minute
    seconds = abs(offset) % 60 if sign == "-" or offset > 0 else offset % 60 - 60 * (offset < 0)
    colon = ":" if ":" in element else ""
    text = f"{sign}{minutes // 60:02d}"
    if element not in _OFFSET_SHORT:
        text += f"{colon}{minutes % 60:02d}"
    if len(element.replace(":", "")) == len("-070000"):
        text += f"{colon}{seconds:02d}"
    return text


def _format_fraction(nanos: int, element: str) -> str:
    digits = f"{nanos:09d}"[: len(element) - 1]
    if element[1] == "9":
        digits = digits.rstrip("0")
        return element[0] + digits if digits else ""
    return element[0] + digits[:_NANO_DIGITS]
