"""A folder that a command fills: empty or absent before, whole or untouched afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kalypso.errors import Position, SettingsError


def check_out(out: Path) -> None:
    """Refuse a folder that has something in it.

    Raises:
        SettingsError: The folder has something in it, or is a file.
    """
    if out.is_dir() and any(out.iterdir()):
        raise SettingsError("the folder is not empty", Position(str(out)), code="option")
    if out.exists() and not out.is_dir():
        raise SettingsError("this is a file, not a folder", Position(str(out)), code="option")


def write_out(files: Mapping[str, bytes], out: Path) -> None:
    """Write all files or none: into a folder beside, which is then given its name.

    Raises:
        SettingsError: The system refuses it.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
            root = Path(scratch) / "tree"
            root.mkdir()
            for name, content in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if out.exists():
                out.rmdir()
            shutil.move(root, out)
    except OSError as error:
        raise SettingsError(
            f"cannot be written: {error.strerror}", Position(str(out)), code="option"
        ) from None
