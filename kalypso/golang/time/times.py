"""An instant in a place, as Go's ``time.Time``: any year, nanoseconds, a location.

``datetime`` would do for most, but it knows neither year 0 nor nanoseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from kalypso.golang.strconv import wrap_int64
from kalypso.golang.time.calendar import (
    DAY_SECONDS,
    MONTHS,
    WEEKDAYS,
    YEAR_ONE,
    civil_from_days,
    days_from_civil,
)
from kalypso.golang.time.formatting import format_time
from kalypso.golang.time.locations import LOCAL, UTC, Location
from kalypso.golang.values import GoObject

_LAST_JSON_YEAR: Final = 9999
_NANOSECONDS: Final = 1_000_000_000


class Month(GoObject, int):
    """A ``time.Month``: a number that prints as a name."""

    __slots__ = ()
    type_name: ClassVar[str] = "time.Month"
    kind: ClassVar[str] = "int"

    def text(self) -> str:
        """Return the English name."""
        return MONTHS[int(self) - 1]


class Weekday(GoObject, int):
    """A ``time.Weekday``: a number from Sunday on that prints as a name."""

    __slots__ = ()
    type_name: ClassVar[str] = "time.Weekday"
    kind: ClassVar[str] = "int"

    def text(self) -> str:
        """Return the English name."""
        return WEEKDAYS[int(self)]


@dataclass(frozen=True, slots=True)
class Time(GoObject):
    """A ``time.Time``."""

    type_name: ClassVar[str] = "time.Time"
    kind: ClassVar[str] = "struct"
    unix: int
    """Seconds since the epoch."""
    nanos: int = 0
    location: Location = LOCAL

    def text(self) -> str:
        """Return what ``String`` returns, for example ``2021-03-04 05:06:07 +0000 UTC``."""
        return format_time(self, "2006-01-02 15:04:05.999999999 -0700 MST")

    def yaml_scalar(self) -> str:
        """Return the time as RFC 3339 with nanoseconds."""
        return format_time(self, "2006-01-02T15:04:05.999999999Z07:00")

    def json_value(self) -> str:
        """Return the time as RFC 3339 with nanoseconds.

        Raises:
            ValueError: The year has not four digits.
        """
        if not 0 <= self.date()[0] <= _LAST_JSON_YEAR:
            raise ValueError("Time.MarshalJSON: year outside of range [0,9999]")
        return self.yaml_scalar()

    def hash_bytes(self) -> bytes:
        """Return what ``MarshalBinary`` returns."""
        offset = self.zone()[1]
        sign = -1 if offset < 0 else 1
        minutes, seconds = divmod(abs(offset), 60)
        if self.location == UTC:
            sign, minutes = -1, 1
        data = (2 if seconds else 1).to_bytes(1, "big")
        data += wrap_int64(self.unix - YEAR_ONE).to_bytes(8, "big", signed=True)
        data += self.nanos.to_bytes(4, "big") + (sign * minutes).to_bytes(2, "big", signed=True)
        return data + ((sign * seconds).to_bytes(1, "big", signed=True) if seconds else b"")

    def zone(self) -> tuple[str, int]:
        """Return the abbreviation and the offset in seconds."""
        return self.location.lookup(self.unix)

    def local_seconds(self) -> int:
        """Return the seconds since the epoch as the clock on the wall counts them."""
        return self.unix + self.zone()[1]

    def date(self) -> tuple[int, int, int]:
        """Return year, month and day."""
        return civil_from_days(self.local_seconds() // DAY_SECONDS)

    def clock(self) -> tuple[int, int, int]:
        """Return hour, minute and second."""
        minutes, second = divmod(self.local_seconds() % DAY_SECONDS, 60)
        return minutes // 60, minutes % 60, second

    def weekday(self) -> int:
        """Return the day of the week, counted from Sunday as 0."""
        return (self.local_seconds() // DAY_SECONDS + 4) % 7

    def year_day(self) -> int:
        """Return the day of the year, counted from 1."""
        year, month, day = self.date()
        return days_from_civil(year, month, day) - days_from_civil(year, 1, 1) + 1

    def add(self, nanoseconds: int) -> Time:
        """Return the time so many nanoseconds later."""
        carry, nanos = divmod(self.nanos + nanoseconds, _NANOSECONDS)
        return Time(self.unix + carry, nanos, self.location)

    def at(self, location: Location) -> Time:
        """Return the same instant at another place."""
        return Time(self.unix, self.nanos, location)

    def total_nanos(self) -> int:
        """Return the nanoseconds since the epoch, without Go's overflow."""
        return self.unix * _NANOSECONDS + self.nanos


ZERO_TIME: Final = Time(YEAR_ONE, 0, UTC)


def make_time(date: tuple[int, int, int], seconds: int, nanos: int, location: Location) -> Time:
    """Return the time at which clocks of the location show a date and a time of the day.

    Args:
        date: Year, month and day; the latter two may overflow.
        seconds: Since midnight.
        nanos: Nanoseconds of the last second.
        location: Where the clocks hang.
    """
    year, month, day = date
    carry, month_index = divmod(month - 1, 12)
    unix = days_from_civil(year + carry, month_index + 1, 1) * DAY_SECONDS
    unix += (day - 1) * DAY_SECONDS + seconds
    offset = location.lookup(unix)[1]
    if offset:
        offset = location.lookup(unix - offset)[1]
    return Time(unix - offset, nanos, location)
