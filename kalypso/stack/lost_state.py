"""What the state of a stack has: nothing although what it makes exists, or not yet all clusters.

With an empty state, Pulumi would make everything again, and GitHub and Azure answer for each thing
that its name is taken. The state is lost then, or kept somewhere else.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kalypso.errors import Position, SettingsError
from kalypso.stack.azure_checks import is_made
from kalypso.stack.schedule import Schedule
from kalypso.stack.settings import Settings

_SECONDS = 60
_CLUSTER = "azure-native:containerservice:ManagedCluster"
_NOT_MADE = ("pulumi:pulumi:Stack", "pulumi:providers:")
"""What a state has from the beginning of the first run."""


def check_state(
    settings: Settings,
    schedule: Schedule,
    stack: str,
    exists: Callable[[str], bool | None],
) -> tuple[str, ...]:
    """Refuse to make what exists while nothing of the stack is in the state.

    Args:
        settings: Settings of the stack, which makes repositories and clusters.
        schedule: What is delivered, and where.
        stack: Name of the stack.
        exists: Returns whether Azure has the cluster of an id; None if nobody can say.

    Returns:
        Names of the clusters that are still to be made in Azure; none if the state cannot be read.

    Raises:
        SettingsError: The state is empty, and the repositories or a cluster in Azure exist.
    """
    # On this machine, making again what exists changes nothing.
    on_forge = not settings.forge.here and settings.makes_repositories and schedule.exists
    clusters = {each.name: settings.azure_id(each) for each in settings.clusters if is_made(each)}
    exported = _exported(stack) if on_forge or clusters else None
    if exported is None:
        return ()
    if not made_in(exported):
        if on_forge:
            raise _lost(stack, schedule.destination.full_name)
        for name, resource_id in clusters.items():
            if resource_id and exists(resource_id):
                raise _lost(stack, f"the cluster {name!r} in {settings.resource_group}")
    present = [urn.rpartition("::")[2] for kind, urn in _resources_in(exported) if kind == _CLUSTER]
    return tuple(name for name in clusters if name not in present)


def made_soon(clusters: Sequence[str]) -> str:
    """Return what a run says of clusters that it makes; empty for none.

    Args:
        clusters: Their names.
    """
    if not clusters:
        return ""
    *others, last = map(repr, clusters)
    named = f"clusters {', '.join(others)} and {last}" if others else f"cluster {last}"
    them = "them" if others else "it"
    return f"Azure makes the {named}, which takes five to ten minutes; the run waits for {them}"


def _lost(stack: str, what: str) -> SettingsError:
    return SettingsError(
        f"the state of the stack {stack!r} is empty, and what it makes exists already, such as"
        f" {what}",
        Position(f"Pulumi.{stack}.yaml"),
        "if the state was moved, `pulumi login` to where it is; if it is lost, or a destroy"
        " left the repositories, see docs/how-to/lost-state.md",
        code="lost-state",
    )


def _exported(stack: str) -> str | None:
    """Return the state of a stack; None if it cannot be read."""
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None  # an engine that is not on the path: nothing is known
    return done.stdout if done.returncode == 0 else None


def made_in(exported: str) -> list[str]:
    """Return the types of the resources in an exported state, without stacks and providers."""
    kinds = [kind for kind, _ in _resources_in(exported)]
    return [each for each in kinds if not each.startswith(_NOT_MADE)]


def _resources_in(exported: str) -> list[tuple[str, str]]:
    """Return type and URN of the resources in an exported state; one that is unreadable has one."""
    try:
        document: Any = json.loads(exported)
    except ValueError:
        return [("unreadable", "")]
    deployment = document.get("deployment") if isinstance(document, Mapping) else None
    resources = (deployment or {}).get("resources") or ()
    return [
        (str(each.get("type", "")), str(each.get("urn", "")))
        for each in resources
        if isinstance(each, Mapping)
    ]
