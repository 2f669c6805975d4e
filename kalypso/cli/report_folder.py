"""A folder into which a command writes all that it found, beside what it prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalypso.errors import Position, SettingsError


def write_report(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts into a folder, which is made; those of an earlier run are replaced.

    Args:
        folder: The folder.
        texts: What the files hold, by name; each gets a line break at the end.

    Raises:
        SettingsError: The system refuses it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise SettingsError(
            f"the report cannot be written: {error.strerror}", Position(str(folder)), code="option"
        ) from None
