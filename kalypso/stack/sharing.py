"""Which stacks share clusters, and must therefore go in a certain order."""

from __future__ import annotations

from pathlib import Path

from kalypso.errors import KalypsoError
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import read_settings


def shares_clusters(settings: Settings, stack: str, folder: Path) -> bool:
    """Return whether the platform's stack sets clusters up that this one uses, or is that stack.

    Args:
        settings: Of the stack.
        stack: Its name.
        folder: With the files of all stacks.
    """
    try:
        platform = settings
        if stack != settings.platform_stack:
            platform = read_settings(folder, settings.platform_stack)
    except KalypsoError:  # whoever runs that stack sees it
        return False
    return any(each.provider != "none" for each in platform.clusters)
