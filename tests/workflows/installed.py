"""What jobs installed and compiled on a runner, kept for the jobs after them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.prepared import prepared

_INSTALLS = re.compile(r"python3? -m (venv|pip install) ")
_installed: set[str] = set()
"""Lines that have filled the environment of this process's runner."""


@contextmanager
def runner() -> Iterator[Path]:
    """Give the folder of a runner whose environment an earlier machine may have installed.

    It has the same place for every machine of a process, since an environment cannot be moved.
    All else that a machine leaves is removed.
    """
    folder = prepared(f"runner-{os.getpid()}", lambda _: None)
    yield folder
    keep_installed(folder)
    for left in folder.iterdir():
        if left.name != "kept":
            shutil.rmtree(left)


def keep_installed(folder: Path) -> None:
    """Put aside what a job installed and compiled, as a machine of one's own does."""
    kept, program = folder / "kept", folder / "work" / "program"
    if not (program / ".venv").is_dir() or kept.exists():
        return
    code = [each for each in program.iterdir() if each.is_dir() and not each.name.startswith(".")]
    compiled = [path for each in code for path in each.rglob("__pycache__")]
    for made in [program / ".venv", *compiled]:
        aside = kept / made.relative_to(program)
        aside.parent.mkdir(parents=True, exist_ok=True)
        made.rename(aside)


def give_back_installed(folder: Path) -> None:
    """Give what was put aside to a program that has just been checked out."""
    kept, program = folder / "kept", folder / "work" / "program"
    if not kept.exists() or not program.is_dir() or (program / ".venv").exists():
        return
    for aside in [kept / ".venv", *kept.glob("[!.]*/**/__pycache__")]:
        place = program / aside.relative_to(kept)
        if place.parent.is_dir():
            aside.rename(place)
    shutil.rmtree(kept)


def without_what_is_installed(script: str, folder: Path) -> str:
    """Leave out the lines of a step that have filled the environment which it was given back."""
    if not (folder / ".venv").is_dir():
        return script
    return "".join(line for line in script.splitlines(keepends=True) if line not in _installed)


def note_what_is_installed(script: str) -> None:
    """Remember the lines of a step that did well and that need not run again."""
    _installed.update(line for line in script.splitlines(keepends=True) if _INSTALLS.search(line))
