"""An empty state while what the stack makes exists: the state is lost, or kept somewhere else.

Pulumi would make everything again, and GitHub and Azure answer for each thing that its name is
taken.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from kalypso.errors import Position, SettingsError
from kalypso.stack.azure_checks import is_made
from kalypso.stack.azure_presence import cluster_exists
from kalypso.stack.schedule import Schedule
from kalypso.stack.settings import Settings

_SECONDS = 60
_NOT_MADE = ("pulumi:pulumi:Stack", "pulumi:providers:")
"""What a state has from the beginning of the first run."""


def check_state(
    settings: Settings,
    schedule: Schedule,
    stack: str,
    exists: Callable[[str], bool | None] = cluster_exists,
) -> None:
    """Refuse to make what exists while nothing of the stack is in the state.

    Args:
        settings: Settings of the stack, which makes repositories and clusters.
        schedule: What is delivered, and where.
        stack: Name of the stack.
        exists: Returns whether Azure has the cluster of an id; None if nobody can say.

    Raises:
        SettingsError: The state is empty, and the repositories or a cluster in Azure exist.
    """
    # On this machine, making again what exists changes nothing.
    on_forge = not settings.forge.here and settings.makes_repositories and schedule.exists
    clusters = {each.name: settings.azure_id(each) for each in settings.clusters if is_made(each)}
    if not (on_forge or any(clusters.values())) or not _is_empty(stack):
        return
    if on_forge:
        raise _lost(stack, schedule.destination.full_name)
    for name, resource_id in clusters.items():
        if resource_id and exists(resource_id):
            raise _lost(stack, f"the cluster {name!r} in {settings.resource_group}")


def _lost(stack: str, what: str) -> SettingsError:
    return SettingsError(
        f"the state of the stack {stack!r} is empty, and what it makes exists already, such as"
        f" {what}",
        Position(f"Pulumi.{stack}.yaml"),
        "if the state was moved, `pulumi login` to where it is; if it is lost, or a destroy"
        " left the repositories, see docs/how-to/lost-state.md",
        code="lost-state",
    )


def _is_empty(stack: str) -> bool:
    """Return whether the state is known to have nothing that was made."""
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False  # an engine that is not on the path: nothing is known
    return done.returncode == 0 and not made_in(done.stdout)


def made_in(exported: str) -> list[str]:
    """Return the types of the resources in an exported state, without stacks and providers."""
    try:
        document: Any = json.loads(exported)
    except ValueError:
        return ["unreadable"]
    deployment = document.get("deployment") if isinstance(document, Mapping) else None
    resources = (deployment or {}).get("resources") or ()
    types = [str(each.get("type", "")) for each in resources if isinstance(each, Mapping)]
    return [each for each in types if not each.startswith(_NOT_MADE)]
