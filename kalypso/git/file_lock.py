"""A lock on a file, which the system gives back when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kalypso.errors import DeliveryError, Position

WAIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.05


@contextmanager
def locked(path: Path, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        path: File that stands for the lock; it is made and stays.
        seconds: How long to wait for another holder.

    Raises:
        DeliveryError: Another run holds it all that time, or the file cannot be written.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise DeliveryError(
            f"the forge cannot be written: {error.strerror}",
            Position(str(path.parent)),
            "give this user the right to write there",
            code="unwritable-folder",
        ) from error
    try:
        _wait(handle, path, seconds)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise DeliveryError(
                    f"another run has been writing to this repository for {seconds:g} s",
                    Position(str(path.parent)),
                    "wait until it has ended, then run again",
                    code="busy",
                ) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return
