"""JSON documents in a folder that several threads and processes read and write at once.

Whoever reads one sees it whole, as it was before or after a write, or that it is not there.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import Any

_ENDING = ".json"


def read(file: Path) -> Any:
    """Return what a file says; None if there is none, which another process may have removed."""
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        return None


def write(file: Path, document: object) -> None:
    """Write a file in one step."""
    handle, scratch = mkstemp(dir=file.parent, prefix=file.name, suffix=".new")
    with os.fdopen(handle, "w") as opened:
        json.dump(document, opened)
    Path(scratch).replace(file)


def read_all(folder: Path) -> list[Any]:
    """Return what the files of a folder say, sorted by their names."""
    found = (read(file) for file in sorted(folder.glob(f"*{_ENDING}")))
    return [each for each in found if each is not None]


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one thread of one process at a time look and write."""
    with lock.open("a") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
