"""Go's package time: instants, places, lengths of time, and the layouts that show them."""

from __future__ import annotations

from kalypso.golang.time import methods as _methods
from kalypso.golang.time.durations import (
    HOUR,
    MINUTE,
    SECOND,
    DurationError,
    clamped,
    format_duration,
    parse_duration,
    rounded,
)
from kalypso.golang.time.formatting import format_time
from kalypso.golang.time.locations import LOCAL, UTC, Location, load_location
from kalypso.golang.time.parser import ParseError, parse_time, parses
from kalypso.golang.time.times import ZERO_TIME, Time

del _methods  # imported for the methods that it gives to times

__all__ = [
    "HOUR",
    "LOCAL",
    "MINUTE",
    "SECOND",
    "UTC",
    "ZERO_TIME",
    "DurationError",
    "Location",
    "ParseError",
    "Time",
    "clamped",
    "format_duration",
    "format_time",
    "load_location",
    "parse_duration",
    "parse_time",
    "parses",
    "rounded",
]
