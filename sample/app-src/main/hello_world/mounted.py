"""The platform's values as they are mounted now: they change while a process keeps its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hello_world.configuration import PLATFORM_VARIABLES


def outdated(variables: Mapping[str, str]) -> list[str]:
    """Return the platform's variables whose mounted value is another one than the process has.

    Args:
        variables: Environment of the process; ``PLATFORM_CONFIG`` names the folder, which has a
            file for each key of the config map. Without a folder nothing is outdated.
    """
    folder = variables.get("PLATFORM_CONFIG", "")
    if not folder or not Path(folder).is_dir():
        return []
    return [
        name for name in PLATFORM_VARIABLES if _mounted(Path(folder) / name) != variables.get(name)
    ]


def _mounted(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:  # the platform gives no such value
        return None
