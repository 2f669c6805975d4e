"""The step that delivers one environment after a merge, on a schedule, or when called."""

from __future__ import annotations

import json
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
    program, stack = Path(values["PROGRAM"]), values["ENVIRONMENT"]
    how = ("--yes", "--skip-preview", "--non-interactive", "--color", "never")
    arguments = ("up", "--stack", stack, *how)
    code = run_engine(arguments, program, variables, console.show).code
    if code or values["FAIL_ON_HELD"] != "true":
        return code
    return _fail_on_held(stack, program, variables, console)


def _fail_on_held(stack: str, program: Path, variables: Mapping[str, str], console: Console) -> int:
    """Return 1 if application sources are held, which the outputs of the stack name."""
    arguments = ("stack", "output", "--json", "--stack", stack, "--non-interactive")
    run = run_engine(arguments, program, variables, lambda _: None)
    try:
        outputs = json.loads(run.text[run.text.index("{") :])
    except ValueError:
        console.show_error(f"error: the outputs of the stack cannot be read:\n{run.text}")
        return run.code or 1
    held = outputs.get("heldSources", {})
    for each in held.values():
        console.say(f"held: {each['repository']}, branch {each['branch']}: {each['message']}")
    return 1 if held else 0
