"""Takes a whole platform down: the stacks in their order, and what is left in the end.

The platform's stack has what all share, so it goes last; environments go from the last one of the
chain to the first.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from kalypso.errors import Position, SettingsError
from kalypso.stack.azure_checks import is_made
from kalypso.stack.settings import Settings


class Engine(Protocol):
    """What the Pulumi engine does with stacks."""

    def resources(self) -> Mapping[str, int]:
        """Return how many resources each stack of the project has."""
        ...

    def destroy(self, stack: str) -> bool:
        """Destroy a stack, showing what happens; return whether that worked."""
        ...


class PulumiEngine(msgspec.Struct, frozen=True):
    """The program `pulumi`, in the folder of the project."""

    folder: Path

    def resources(self) -> Mapping[str, int]:
        """Return how many resources each stack of the project has.

        Raises:
            SettingsError: The program is not installed, or cannot read its state.
        """
        try:
            done = subprocess.run(
                ["pulumi", "stack", "ls", "--json", "--non-interactive"],
                cwd=self.folder,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise _failed(f"pulumi cannot be started: {error.strerror}", "install it") from None
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["it does not say why"]
            raise _failed(f"pulumi cannot list the stacks: {said[0]}", "`pulumi login` first")
        return {
            each["name"]: int(each.get("resourceCount") or 0) for each in json.loads(done.stdout)
        }

    def destroy(self, stack: str) -> bool:
        """Destroy a stack, showing what happens; return whether that worked."""
        command = ["pulumi", "destroy", "-s", stack, "--yes", "--skip-preview", "--non-interactive"]
        return subprocess.run(command, cwd=self.folder, check=False).returncode == 0


def stacks_in_order(settings: Mapping[str, Settings], platform: str) -> list[str]:
    """Return the stacks in the order in which they are destroyed.

    Args:
        settings: By stack.
        platform: The stack that has what all share.
    """
    chain = list(settings[platform].environments) if platform in settings else []

    def place(stack: str) -> tuple[bool, int, str]:
        environment = settings[stack].environment
        known = chain.index(environment) if environment in chain else len(chain)
        return (stack == platform, -known, stack)

    return sorted(settings, key=place)


def tear_down(settings: Mapping[str, Settings], platform: str, engine: Engine) -> Iterator[str]:
    """Destroy every stack, and return what happens and what is left, line by line.

    Raises:
        SettingsError: A stack could not be destroyed; those after it were not touched.
    """
    order, there = stacks_in_order(settings, platform), engine.resources()
    for number, stack in enumerate(order, 1):
        counted = f"{number} of {len(order)}"
        if not there.get(stack):
            yield f"{stack} ({counted}): has nothing to destroy"
            continue
        yield f"{stack} ({counted}): destroying {there[stack]} resources"
        if not engine.destroy(stack):
            rest = order[number:]
            message = f"the stack {stack!r} could not be destroyed"
            if rest:
                message += f", and {', '.join(rest)} was not touched"
            raise _failed(message, "the lines above say why; then run this again")
    left = list(left_behind(settings[platform])) if platform in settings else []
    yield "left, because the program did not make it or keeps it:" if left else "nothing is left"
    yield from (f"  {line}" for line in left)


def left_behind(settings: Settings) -> Iterator[str]:
    """Return what is there when everything that the program owns is gone."""
    for cluster in settings.clusters:
        if cluster.provider == "none" or is_made(cluster):
            continue
        kept = "" if cluster.on_destroy == "prune" else ", and the workloads on it"
        yield f"the cluster {cluster.name}{kept}"
    if any(map(is_made, settings.clusters)) and not settings.azure.create_resource_group:
        yield f"the resource group {settings.resource_group}"
    if settings.forge.here:
        return
    if not settings.makes_repositories:
        yield f"the repositories of {settings.control_plane_url}"
    elif settings.repositories.on_destroy == "archive":
        yield f"the repositories {settings.forge.home}/{settings.prefix}-*, archived"
    yield "container images that CI has pushed"


def _failed(message: str, hint: str) -> SettingsError:
    return SettingsError(message, Position("kalypso teardown"), hint, code="teardown")
