"""The methods of times, months and locations that templates can call.

Methods with more than one result, and those that need other packages, are left out.

Source: Go's package time, time.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kalypso.golang.signatures import Function, Kind
from kalypso.golang.strconv import wrap_int64
from kalypso.golang.time.dates import format_time
from kalypso.golang.time.durations import clamped
from kalypso.golang.time.times import (
    LOCAL,
    UTC,
    YEAR_ONE,
    ZERO_TIME,
    Location,
    Month,
    Time,
    Weekday,
    make_time,
)
from kalypso.golang.values import Int64

_TIME: Final = (Kind.TIME,)
_DURATION: Final = (Kind.INT64,)
_NANOSECONDS: Final = 1_000_000_000


def _add_date(time: Time, years: int, months: int, days: int) -> Time:
    year, month, day = time.date()
    seconds = time.local_seconds() % 86_400
    date = (year + years, month + months, day + days)
    return make_time(date, seconds, time.nanos, time.location)


def _since_year_one(time: Time) -> int:
    return (time.unix - YEAR_ONE) * _NANOSECONDS + time.nanos


def _round(time: Time, unit: int) -> Time:
    if unit <= 0:
        return time
    rest = _since_year_one(time) % unit
    return time.add(-rest if 2 * rest < unit else unit - rest)


def _truncate(time: Time, unit: int) -> Time:
    return time.add(-(_since_year_one(time) % unit)) if unit > 0 else time


def _order(left: Time, right: Time) -> int:
    mine, other = left.total_nanos(), right.total_nanos()
    return (mine > other) - (mine < other)


def _part(read: Callable[[Time], int]) -> Function:
    return Function((), read)


def _unix(unit: int) -> Function:
    return Function((), lambda time: Int64(wrap_int64(time.total_nanos() // unit)))


Time.methods = {
    "Add": Function(_DURATION, lambda time, length: time.add(length)),
    "AddDate": Function((Kind.INT, Kind.INT, Kind.INT), _add_date),
    "After": Function(_TIME, lambda time, other: _order(time, other) > 0),
    "Before": Function(_TIME, lambda time, other: _order(time, other) < 0),
    "Compare": Function(_TIME, _order),
    "Equal": Function(_TIME, lambda time, other: _order(time, other) == 0),
    "Sub": Function(_TIME, lambda time, other: clamped(time.total_nanos() - other.total_nanos())),
    "Year": _part(lambda time: time.date()[0]),
    "Month": _part(lambda time: Month(time.date()[1])),
    "Day": _part(lambda time: time.date()[2]),
    "Hour": _part(lambda time: time.clock()[0]),
    "Minute": _part(lambda time: time.clock()[1]),
    "Second": _part(lambda time: time.clock()[2]),
    "Nanosecond": _part(lambda time: time.nanos),
    "Weekday": _part(lambda time: Weekday(time.weekday())),
    "YearDay": _part(Time.year_day),
    "Unix": Function((), lambda time: Int64(wrap_int64(time.unix))),
    "UnixMilli": _unix(1_000_000),
    "UnixMicro": _unix(1_000),
    "UnixNano": _unix(1),
    "IsZero": Function((), lambda time: time.total_nanos() == ZERO_TIME.total_nanos()),
    "Format": Function((Kind.STRING,), format_time),
    "String": Function((), Time.text),
    "UTC": Function((), lambda time: time.at(UTC)),
    "Local": Function((), lambda time: time.at(LOCAL)),
    "Location": Function((), lambda time: time.location),
    "Round": Function(_DURATION, _round),
    "Truncate": Function(_DURATION, _truncate),
}
Month.methods = {"String": Function((), Month.text)}
Weekday.methods = {"String": Function((), Weekday.text)}
Location.methods = {"String": Function((), Location.text)}
