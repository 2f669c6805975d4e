"""The step that delivers one environment after a merge, on a schedule, or when called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalypso.ci.console import Console
from kalypso.ci.engine import run_engine
from kalypso.ci.settings import UP, concerns
from kalypso.ci.variables import values_of


def up(variables: Mapping[str, str], console: Console) -> int:
    """Open the environment's pull request, or bring the one that is open up to date."""
    if not concerns(variables, console, all_if_empty=True):
        return 0
    values = values_of(UP, variables)
    how = ("--yes", "--skip-preview", "--non-interactive", "--color", "never")
    arguments = ("up", "--stack", values["ENVIRONMENT"], *how)
    return run_engine(arguments, Path(values["PROGRAM"]), variables, console.show).code
