"""How far an environment is behind the one before it, in one sentence for a preview."""

from __future__ import annotations

from pathlib import Path

from kalypso.errors import KalypsoError
from kalypso.git import History
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import read_settings

_MOST = 1_000


def ahead_of(settings: Settings, promoted: str, folder: Path) -> str:
    """Return which commit of main an environment takes, and how far the one before is ahead.

    Args:
        settings: Of the environment's stack.
        promoted: The commit of main that its model names.
        folder: Of the program, which has the file of the platform's stack.

    Returns:
        A sentence; empty for the first environment, and where that cannot be found out.
    """
    try:
        platform = read_settings(folder, settings.platform_stack)
        chain = platform.environments
        place = chain.index(settings.environment) if settings.environment in chain else 0
        if not place or not promoted:
            return ""
        return f"{settings.environment} takes main {promoted[:7]}; {_of(platform, place, promoted)}"
    except KalypsoError:  # a preview says it where it can, and is one without
        return ""


def _of(platform: Settings, place: int, promoted: str) -> str:
    from kalypso.stack.gates import (  # noqa: PLC0415 - slow, and for environments of a chain only
        EnvironmentGate,
        place_of,
    )

    before = platform.environments[place - 1]
    current = EnvironmentGate(platform, before).current()
    if current is None:
        return f"nothing is promoted to {before}"
    if current.main == promoted:
        return f"{before} has the same"
    history = History(place_of(platform, "control-plane").git_address, platform.access)
    if not history.is_ancestor(promoted, current.main):
        return f"{before} has main {current.main[:7]}, which is not newer"
    number = len(history.since(promoted, current.main, _MOST))
    commits = "1 commit" if number == 1 else f"{number} commits"
    return f"{before} is {commits} ahead, at {current.main[:7]}"
