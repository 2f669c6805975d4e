"""What jobs installed and compiled on a runner, kept for the jobs after them."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.prepared import prepared

_INSTALLS = re.compile(r"python3? -m (venv|pip install) ")
_ABOUT = "about.json"
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
    _lend(folder)


def give_back_installed(folder: Path) -> None:
    """Give what was put aside to a program that has just been checked out."""
    kept, program = folder / "kept", folder / "work" / "program"
    if not program.is_dir() or (program / ".venv").exists():
        return
    if not kept.exists():
        _borrow(folder)
    if not kept.exists():
        return
    for aside in [kept / ".venv", *kept.glob("[!.]*/**/__pycache__")]:
        place = program / aside.relative_to(kept)
        if place.parent.is_dir():
            aside.rename(place)
    shutil.rmtree(kept)


def _lend(folder: Path) -> None:
    """Let runners of other processes have what was put aside first of all."""
    lent = prepared("lent", lambda _: None)
    if (lent / "kept").exists():
        return
    scratch = lent / f"{os.getpid()}"
    shutil.copytree(folder / "kept", scratch, symlinks=True)
    about = {"folder": str(folder), "lines": sorted(_installed)}
    (scratch / _ABOUT).write_text(json.dumps(about))
    try:
        scratch.rename(lent / "kept")
    except OSError:  # another process was first
        shutil.rmtree(scratch)


def _borrow(folder: Path) -> None:
    """Take what another process lends, if there is any; the environment names its new place."""
    lent, kept = prepared("lent", lambda _: None) / "kept", folder / "kept"
    if not lent.exists():
        return
    shutil.copytree(lent, kept, symlinks=True)
    about = json.loads((kept / _ABOUT).read_text())
    old, new = about["folder"].encode(), str(folder).encode()
    for file in (kept / ".venv").rglob("*"):
        if file.is_file() and not file.is_symlink() and file.suffix != ".pyc":
            text = file.read_bytes()
            if old in text:
                file.write_bytes(text.replace(old, new))
    _installed.update(about["lines"])


def without_what_is_installed(script: str, folder: Path) -> str:
    """Leave out the lines of a step that have filled the environment which it was given back."""
    if not (folder / ".venv").is_dir():
        return script
    return "".join(line for line in script.splitlines(keepends=True) if line not in _installed)


def note_what_is_installed(script: str) -> None:
    """Remember the lines of a step that did well and that need not run again."""
    _installed.update(line for line in script.splitlines(keepends=True) if _INSTALLS.search(line))
