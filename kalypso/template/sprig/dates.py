"""Dates and lengths of time.

Where Go takes the current time for a value that is not a date, there is an error here: only
``now`` and ``ago`` read the clock.

Source: Sprig v2.22.0 and v3.3.0, date.go.
"""

from __future__ import annotations

import time as clock

from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.strconv import NumError, parse_int, wrap_int64
from kalypso.golang.time import (
    HOUR,
    LOCAL,
    MINUTE,
    SECOND,
    ZERO_TIME,
    DurationError,
    Location,
    ParseError,
    Time,
    clamped,
    format_duration,
    format_time,
    load_location,
    parse_duration,
    parse_time,
    rounded,
)
from kalypso.golang.values import (
    Int32,
    Int64,
    Value,
    type_name,
)
from kalypso.template.functions import Function, per_text

_HTML = "2006-01-02"
_UNITS = (
    ("y", 365 * 24 * HOUR),
    ("mo", 30 * 24 * HOUR),
    ("d", 24 * HOUR),
    ("h", HOUR),
    ("m", MINUTE),
    ("s", SECOND),
)


def _now() -> Time:
    seconds, nanos = divmod(clock.time_ns(), SECOND)
    return Time(seconds, nanos, LOCAL)


def _instant(value: Value, *kinds: type) -> Time:
    """Return a time, or the seconds since the epoch as one."""
    if isinstance(value, Time):
        return value
    if type(value) in kinds:
        return Time(int(value), 0, LOCAL)
    raise FunctionError(
        f"{type_name(value)} is not a time; parse texts with toDate, give seconds as an integer"
    )


def _format_in(layout: str, value: Value, location: Location) -> str:
    return format_time(_instant(value, int, Int64, Int32).at(location), layout)


def date(layout: str, value: Value) -> str:
    """Write a date by a layout."""
    return _format_in(layout, value, LOCAL)


def date_in_zone(layout: str, value: Value, zone: str) -> str:
    """Write a date as it is in a time zone; an unknown one is UTC."""
    return _format_in(layout, value, load_location(zone))


def date_modify(length: str, value: Time) -> Time:
    """Return the time later by a duration; the same time if the text is none."""
    try:
        return value.add(parse_duration(length))
    except DurationError:
        return value


def must_date_modify(length: str, value: Time) -> Time:
    """Return the time later by a duration."""
    try:
        return value.add(parse_duration(length))
    except DurationError as error:
        raise FunctionError(str(error)) from None


def to_date(layout: str, text: str) -> Time:
    """Read a date; what is none is the zero time, in the year 1."""
    try:
        return parse_time(layout, text)
    except ParseError:
        return ZERO_TIME


def must_to_date(layout: str, text: str) -> Time:
    """Read a date."""
    try:
        return parse_time(layout, text)
    except ParseError as error:
        raise FunctionError(str(error)) from None


def ago(value: Value) -> str:
    """Return how long ago a time was, in whole seconds."""
    passed = clamped(_now().total_nanos() - _instant(value, int, Int64).total_nanos())
    return format_duration(rounded(passed, SECOND))


def duration(value: Value) -> str:
    """Write seconds as hours, minutes and seconds."""
    seconds = 0
    if isinstance(value, str):
        try:
            seconds = parse_int(value)
        except NumError as error:
            if error.reason == "value out of range":
                seconds = -(1 << 63) if value.startswith("-") else (1 << 63) - 1
    elif type(value) is Int64:
        seconds = int(value)
    return format_duration(wrap_int64(seconds * SECOND))


def duration_round(value: Value) -> str:
    """Write a duration in its largest unit only."""
    size = 0
    if isinstance(value, str):
        try:
            size = parse_duration(value)
        except DurationError:
            size = 0
    elif type(value) is Int64:
        size = int(value)
    elif isinstance(value, Time):
        raise FunctionError("a duration is wanted; how long ago a time was changes by the second")
    for unit, length in _UNITS:
        if abs(size) > length:
            return f"{abs(size) // length}{unit}"
    return "0s"


_DATE = Function((Kind.STRING, Kind.ANY), date, cost=per_text(60))
_DATE_IN_ZONE = Function((Kind.STRING, Kind.ANY, Kind.STRING), date_in_zone, cost=per_text(110))
_DATE_MODIFY = Function((Kind.STRING, Kind.TIME), date_modify)
_MUST_DATE_MODIFY = Function((Kind.STRING, Kind.TIME), must_date_modify)

FUNCTIONS: dict[str, Function] = {
    "now": Function((), _now, repeats=False),
    "ago": Function((Kind.ANY,), ago, repeats=False),
    "date": _DATE,
    "dateInZone": _DATE_IN_ZONE,
    "date_in_zone": _DATE_IN_ZONE,
    "dateModify": _DATE_MODIFY,
    "date_modify": _DATE_MODIFY,
    "htmlDate": Function((Kind.ANY,), lambda value: date(_HTML, value)),
    "htmlDateInZone": Function(
        (Kind.ANY, Kind.STRING), lambda value, zone: date_in_zone(_HTML, value, zone)
    ),
    "toDate": Function((Kind.STRING, Kind.STRING), to_date, cost=per_text(200)),
    "unixEpoch": Function((Kind.TIME,), lambda value: str(value.unix)),
}
FUNCTIONS_V3: dict[str, Function] = {
    "duration": Function((Kind.ANY,), duration, cost=per_text(20)),
    "durationRound": Function((Kind.ANY,), duration_round, cost=per_text(30)),
    "mustDateModify": _MUST_DATE_MODIFY,
    "must_date_modify": _MUST_DATE_MODIFY,
    "mustToDate": Function((Kind.STRING, Kind.STRING), must_to_date, cost=per_text(200)),
}
