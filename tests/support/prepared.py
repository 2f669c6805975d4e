"""Folders that many tests begin with: made once in a process, and copied for each test."""

import atexit
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

_made: dict[str, Path] = {}


def prepared(name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that nobody changes, filled when its name is asked for the first time.

    Args:
        name: Of the content; the same name stands for the same content.
        make: Called with an empty folder.
    """
    if name not in _made:
        folder = _room() / name
        shutil.rmtree(folder, ignore_errors=True)  # an earlier try may have failed
        folder.mkdir(parents=True)
        make(folder)
        _made[name] = folder
    return _made[name]


def copied(name: str, make: Callable[[Path], object], folder: Path) -> None:
    """Copy what is prepared into a folder; one that exists already keeps its own files."""
    source = prepared(name, make)
    shutil.copytree(source, folder, dirs_exist_ok=True, copy_function=_copy)


@cache
def _room() -> Path:
    room = TemporaryDirectory(prefix="kalypso-prepared-")
    atexit.register(room.cleanup)
    return Path(room.name).resolve()


def _copy(source: str, target: str) -> None:
    if not Path(target).exists():
        shutil.copy2(source, target)
