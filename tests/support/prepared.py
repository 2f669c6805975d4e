"""Folders that many tests begin with: made once in a run, and copied for each test."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

_ROOM = "KALYPSO_TESTS_PREPARED"
_made: set[str] = set()


def share_prepared() -> Callable[[], None]:
    """Make the folder that all processes of a run share; return what removes it in the end."""
    room = TemporaryDirectory(prefix="kalypso-prepared-")
    os.environ[_ROOM] = str(Path(room.name).resolve())
    return room.cleanup


def prepared(name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that nobody changes, filled when its name is asked for the first time.

    The process that asks first fills it, and others wait.

    Args:
        name: Of the content; the same name stands for the same content.
        make: Called with an empty folder.
    """
    room = Path(os.environ[_ROOM])
    folder, done = room / name, room / f"{name}.done"
    if name in _made:
        return folder
    with (room / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # an earlier try may have failed
            folder.mkdir(parents=True)
            make(folder)
            done.touch()
    _made.add(name)
    return folder


def copied(name: str, make: Callable[[Path], object], folder: Path) -> None:
    """Copy what is prepared into a folder; one that exists already keeps its own files."""
    source = prepared(name, make)
    shutil.copytree(source, folder, dirs_exist_ok=True, copy_function=_copy)


def _copy(source: str, target: str) -> None:
    if not Path(target).exists():
        shutil.copy2(source, target)
