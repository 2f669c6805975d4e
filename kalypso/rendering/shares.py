"""The time that the manifests of one workspace may take, so that it leaves some for the others.

Each rendering has limits of its own. This is a net below them, for a workspace whose many targets
each come close to theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import msgspec

from kalypso.errors import ModelError, Problem
from kalypso.model import DeploymentTarget

MOST_SECONDS = 300.0


class Shares(msgspec.Struct):
    """What each workspace has used of its time."""

    seconds: float = MOST_SECONDS
    clock: Callable[[], float] = monotonic
    _spent: dict[str, float] = msgspec.field(default_factory=dict)
    _refusals: dict[str, Problem] = msgspec.field(default_factory=dict)

    def spend(self, target: DeploymentTarget, begin: float) -> None:
        """Count the time since the manifests of a target were begun."""
        spent = self._spent.get(target.workspace, 0.0)
        self._spent[target.workspace] = spent + self.clock() - begin

    def refusal(self, target: DeploymentTarget) -> Problem | None:
        """Return why a target is not rendered any more: its workspace has used up its time."""
        if self._spent.get(target.workspace, 0.0) <= self.seconds:
            return None
        if target.workspace not in self._refusals:
            self._refusals[target.workspace] = ModelError(
                f"the manifests of the workspace {target.workspace!r} take more than"
                f" {self.seconds:g} seconds",
                target.at,
                "look at what is slow in the templates for its values, or give it fewer targets",
                code="template-limit",
            ).problem
        return self._refusals[target.workspace]
