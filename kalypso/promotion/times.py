"""Times: read from what clusters write, and told in messages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

_STAMP = re.compile(
    r"(?P<whole>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?P<part>\.\d{1,9})?(?P<zone>Z|[+-]\d\d:\d\d)"
)
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@lru_cache(maxsize=4096)
def read_time(text: str) -> float | None:
    """Return seconds since 1970 of a time in RFC 3339 with a zone; None if it is none."""
    found = _STAMP.fullmatch(text)
    if not found:
        return None
    zone = "+00:00" if found["zone"] == "Z" else found["zone"]
    try:
        whole = datetime.fromisoformat(found["whole"] + zone).timestamp()
    except ValueError:
        return None
    return whole + float(found["part"] or 0)


@lru_cache(maxsize=256)
def read_duration(text: str) -> float | None:
    """Return the seconds of a duration as Go writes it, for example `10m0s`; None if it is none."""
    if not _DURATION.fullmatch(text):
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))


def time_text(seconds: float) -> str:
    """Return a time as messages and records hold it, to the second in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def length_text(seconds: float) -> str:
    """Return a length of time in the largest unit that says enough: `45 s`, `9 min`, `30 h`."""
    whole = max(0, int(seconds))
    if whole < 120:  # noqa: PLR2004 - two minutes, below which seconds matter
        return f"{whole} s"
    if whole < 2 * 3600:
        return f"{whole // 60} min"
    return f"{whole // 3600} h"
