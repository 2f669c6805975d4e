"""Temporary folders of the tests: in memory where there is room, for git makes many small files."""

import os
import re
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder of the user in it is used
_ROOM = 8 << 30
"""Bytes that have to be free, in memory and in what the system gives to files there."""


def keep_in_memory() -> None:
    """Let this process and those that it starts have their temporary folders in memory.

    Where somebody has said where they shall be, there is no such memory, little of it, or nothing
    can be run from it, they are where they would be.
    """
    said = {"TMPDIR", "PYTEST_DEBUG_TEMPROOT"} & os.environ.keys()
    if said or not _has_room():
        return
    folder = _MEMORY / f"kalypso-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        return
    for name in ("TMPDIR", "PYTEST_DEBUG_TEMPROOT"):
        os.environ[name] = str(folder)
    tempfile.tempdir = None  # it was found out before


def _has_room() -> bool:
    try:
        found = os.statvfs(_MEMORY)
        about = Path("/proc/meminfo").read_text("ascii")
    except OSError:
        return False
    available = re.search(r"^MemAvailable: +(\d+) kB$", about, re.MULTILINE)
    if not available or found.f_flag & os.ST_NOEXEC:
        return False
    return min(found.f_bavail * found.f_frsize, int(available[1]) << 10) >= _ROOM
