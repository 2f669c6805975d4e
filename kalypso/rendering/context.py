"""The data that templates get for one assignment.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kalypso.golang.values import Missing, StringMap, Struct
from kalypso.model import Assignment
from kalypso.rendering.wellformed import is_harmless

TYPE_NAME = "scheduler.dataType"


@dataclass(frozen=True, slots=True)
class Context:
    """What is rendered for one assignment."""

    assignment: Assignment
    environment: str
    namespace: str
    values: dict[str, Any]
    """The composed configuration; shared between assignments."""
    own: tuple[str, ...] = field(init=False)
    """Texts by which this assignment differs from others and that are harmless in YAML wherever
    they stand; longest first."""
    shared_data: Struct = field(init=False)
    """The data, for templates that do not change it."""

    def __post_init__(self) -> None:
        target = self.assignment.target
        names = {self.namespace, target.name, target.workload, target.workspace}
        texts = {*names, self.assignment.cluster_type.name, *target.manifests.values()}
        harmless = sorted(filter(is_harmless, texts), key=len, reverse=True)
        object.__setattr__(self, "own", tuple(harmless))
        object.__setattr__(self, "shared_data", self.data(self.values))

    def data(self, values: dict[str, Any]) -> Struct:
        """Return the root of the template's data, with the fields of both generations."""
        target = self.assignment.target
        manifests = StringMap(target.manifests)
        return Struct(
            {
                "DeploymentTargetName": target.name,
                "Namespace": self.namespace,
                "Environment": self.environment,
                "Workspace": target.workspace,
                "Workload": target.workload,
                "Labels": StringMap(target.labels),
                "Manifests": manifests,
                "ClusterType": self.assignment.cluster_type.name,
                "ConfigData": values,
                "Repo": manifests.get("repo", Missing("repo", manifests)),
                "Branch": manifests.get("branch", Missing("branch", manifests)),
                "Path": manifests.get("path", Missing("path", manifests)),
            },
            TYPE_NAME,
        )
