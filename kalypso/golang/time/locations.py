"""Places whose clocks show a time: UTC, fixed offsets and the zones of the tz database.

"Local" is always UTC here: a template must not depend on where it is rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

from kalypso.golang.signatures import FunctionError
from kalypso.golang.time.calendar import DAY_SECONDS
from kalypso.golang.values import GoObject

_FIRST_KNOWN, _LAST_KNOWN = -62_135_510_400, 253_402_214_400
"""What datetime can hold in any zone."""
_CALENDAR_CYCLE: Final = 146_097 * DAY_SECONDS
"""After 400 years the calendar repeats, the days of the week included."""


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
