"""An instant in a place, as Go's ``time.Time``: any year, nanoseconds, a location.

``datetime`` would do for most, but it knows neither year 0 nor nanoseconds.
"Local" is always UTC here: a template must not depend on where it is rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

from kalypso.golang.objects import GoObject
from kalypso.golang.signatures import FunctionError
from kalypso.golang.strconv import wrap_int64

DAY_SECONDS: Final = 86_400
YEAR_ONE: Final = -62_135_596_800
"""Seconds from the epoch to Go's zero time, 1 January of year 1."""
_FIRST_KNOWN, _LAST_KNOWN = -62_135_510_400, 253_402_214_400
"""What datetime can hold in any zone."""
_CALENDAR_CYCLE: Final = 146_097 * DAY_SECONDS
"""After 400 years the calendar repeats, the days of the week included."""
_LAST_JSON_YEAR: Final = 9999
_NANOSECONDS: Final = 1_000_000_000

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: Final = (
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
)


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
class Location(GoObject):
    """A ``*time.Location``: UTC, a fixed offset, or a zone of the tz database."""

    type_name: ClassVar[str] = "*time.Location"
    kind: ClassVar[str] = "ptr"
    name: str
    fixed_offset: int | None = 0
    """Seconds east of UTC; None for a zone of the tz database."""
    is_local: bool = False
    """It is Go's ``Local``, which differs from UTC in hashes only."""

    def text(self) -> str:
        """Return the name."""
        return self.name

    def lookup(self, unix: int) -> tuple[str, int]:
        """Return the zone's abbreviation and its offset in seconds at an instant."""
        if self.fixed_offset is not None:
            return self.name, self.fixed_offset
        from datetime import datetime, timedelta, timezone  # noqa: PLC0415 - rarely needed

        epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - kept for the type
        cycles = max(unix - _LAST_KNOWN, 0) // _CALENDAR_CYCLE + (unix > _LAST_KNOWN)
        known = max(unix - cycles * _CALENDAR_CYCLE, _FIRST_KNOWN)
        local = (epoch + timedelta(seconds=known)).astimezone(_zone(self.name))
        offset = local.utcoffset() or timedelta()
        return local.tzname() or "", int(offset.total_seconds())


UTC: Final = Location("UTC")
LOCAL: Final = Location("UTC", is_local=True)
"""What the reference's container has: no zone file and no TZ, which Go calls UTC."""


@lru_cache(maxsize=256)
def _zone(name: str) -> Any:  # noqa: ANN401 - a ZoneInfo; its module is only imported here
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - slow to import, rarely needed

    return ZoneInfo(name)


def load_location(name: str) -> Location:
    """Return the location of that name; unknown ones are UTC, as Sprig has it.

    Raises:
        FunctionError: This machine has no tz database at all.
    """
    if name in ("", "UTC"):
        return UTC
    if name == "Local":
        return LOCAL
    if _exists(name):
        return Location(name, None)
    if not _exists("Europe/Berlin"):
        raise FunctionError("no time zone data on this machine; install the package tzdata")
    return UTC


def _exists(name: str) -> bool:
    try:
        _zone(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


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
        from kalypso.golang.time.dates import format_time  # noqa: PLC0415 - would be a cycle

        return format_time(self, "2006-01-02 15:04:05.999999999 -0700 MST")

    def yaml_scalar(self) -> str:
        """Return the time as RFC 3339 with nanoseconds."""
        from kalypso.golang.time.dates import format_time  # noqa: PLC0415 - would be a cycle

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


def days_from_civil(year: int, month: int, day: int) -> int:
    """Return the days from the epoch to a date of the proleptic Gregorian calendar."""
    year -= month <= 2  # noqa: PLR2004 - the year starts in March for this formula
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a number of days since the epoch."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    leap_days = day_of_era // 1460 - day_of_era // 36_524 + day_of_era // 146_096
    year_of_era = (day_of_era - leap_days) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_index = (5 * day_of_year + 2) // 153
    month = month_index + 3 if month_index < 10 else month_index - 9  # noqa: PLR2004
    year = year_of_era + era * 400 + (month <= 2)  # noqa: PLR2004
    return year, month, day_of_year - (153 * month_index + 2) // 5 + 1


def is_leap(year: int) -> bool:
    """Tell whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month."""
    if month == 2:  # noqa: PLR2004 - February
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31
