"""The methods of times, months and locations that templates can call.

Methods with more than one result, and those that need other packages, are left out.

Source: Go's package time, time.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kalypso.golang.signatures import Kind, Method
from kalypso.golang.strconv import wrap_int64
from kalypso.golang.time.calendar import YEAR_ONE
from kalypso.golang.time.durations import clamped
from kalypso.golang.time.formatting import format_time
from kalypso.golang.time.locations import LOCAL, UTC, Location
from kalypso.golang.time.times import ZERO_TIME, Month, Time, Weekday, make_time
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


def _part(read: Callable[[Time], int]) -> Method:
    return Method((), read)


def _unix(unit: int) -> Method:
    return Method((), lambda time: Int64(wrap_int64(time.total_nanos() // unit)))


Time.methods = {
    "Add": Method(_DURATION, lambda time, length: time.add(length)),
    "AddDate": Method((Kind.INT, Kind.INT, Kind.INT), _add_date),
    "After": Method(_TIME, lambda time, other: _order(time, other) > 0),
    "Before": Method(_TIME, lambda time, other: _order(time, other) < 0),
    "Compare": Method(_TIME, _order),
    "Equal": Method(_TIME, lambda time, other: _order(time, other) == 0),
    "Sub": Method(_TIME, lambda time, other: clamped(time.total_nanos() - other.total_nanos())),
    "Year": _part(lambda time: time.date()[0]),
    "Month": _part(lambda time: Month(time.date()[1])),
    "Day": _part(lambda time: time.date()[2]),
    "Hour": _part(lambda time: time.clock()[0]),
    "Minute": _part(lambda time: time.clock()[1]),
    "Second": _part(lambda time: time.clock()[2]),
    "Nanosecond": _part(lambda time: time.nanos),
    "Weekday": _part(lambda time: Weekday(time.weekday())),
    "YearDay": _part(Time.year_day),
    "Unix": Method((), lambda time: Int64(wrap_int64(time.unix))),
    "UnixMilli": _unix(1_000_000),
    "UnixMicro": _unix(1_000),
    "UnixNano": _unix(1),
    "IsZero": Method((), lambda time: time.total_nanos() == ZERO_TIME.total_nanos()),
    "Format": Method((Kind.STRING,), format_time),
    "String": Method((), Time.text),
    "UTC": Method((), lambda time: time.at(UTC)),
    "Local": Method((), lambda time: time.at(LOCAL)),
    "Location": Method((), lambda time: time.location),
    "Round": Method(_DURATION, _round),
    "Truncate": Method(_DURATION, _truncate),
}
Month.methods = {"String": Method((), Month.text)}
Weekday.methods = {"String": Method((), Weekday.text)}
Location.methods = {"String": Method((), Location.text)}
