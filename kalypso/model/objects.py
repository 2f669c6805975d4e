"""The kinds of the platform model, as frozen records that cannot be wrong.

Source: docs/explanation/model.md, "Objects".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NewType

import msgspec

from kalypso.errors import Position
from kalypso.model.origin import Origin
from kalypso.model.repositories import Pointer
from kalypso.model.selector import Selector

API_GROUP = "scheduler.kalypso.io"
API_VERSION = f"{API_GROUP}/v1alpha1"

Labels = Mapping[str, str]
ClusterTypeName = NewType("ClusterTypeName", str)
TargetName = NewType("TargetName", str)
"""Full name of a deployment target: ``<workload>-<target>``."""


class ModelObject(msgspec.Struct, frozen=True, kw_only=True):
    """What every object has."""

    name: str
    labels: Labels
    origin: Origin

    @property
    def at(self) -> Position:
        """Where the object starts; errors about it point here."""
        return self.origin.start


class Environment(ModelObject, frozen=True, kw_only=True):
    """An environment, and the branch of the control plane that configures it."""

    control_plane: Pointer


class Template(ModelObject, frozen=True, kw_only=True):
    """Manifests of a reconciler, a namespace or a configuration, written for Go's text/template."""

    type: str
    """``reconciler``, ``namespace`` or ``config``; cluster types may refer to any."""
    content_type: str
    """``sh`` writes a shell file; any other text writes YAML."""
    manifests: tuple[str | Mapping[str, Any], ...]
    """Template texts. A mapping (2023) has its strings rendered one by one."""


class WorkloadRegistration(ModelObject, frozen=True, kw_only=True):
    """An application that was onboarded: where its Workload file is, and whose it is."""

    workload: Pointer
    workspace: str
    """Group of applications of one team; empty if none is given."""


class ClusterType(ModelObject, frozen=True, kw_only=True):
    """A class of clusters that all receive the same manifests."""

    reconciler: str
    """Name of a Template."""
    namespace_service: str
    """Name of a Template."""
    config_type: str
    """Name of a Template, or ``configMap`` or ``envFile``; empty means ``configMap``."""


class SchedulingPolicy(ModelObject, frozen=True, kw_only=True):
    """Which deployment targets run on which cluster types."""

    workspace: str | None
    """Only targets of this workspace; ``None`` means any."""
    target_selector: Selector
    cluster_type_selector: Selector


class ConfigMap(ModelObject, frozen=True, kw_only=True):
    """Platform configuration values, and by its labels the assignments that they are for."""

    data: Mapping[str, str]


class ConfigSchema(ModelObject, frozen=True, kw_only=True):
    """A JSON Schema that the values of the assignments which its labels match must satisfy."""

    schema: str
    """JSON Schema, as JSON or YAML text."""


class BaseRepo(ModelObject, frozen=True, kw_only=True):
    """Where templates and registrations are read from; its commit is what promotion moves."""

    pointer: Pointer


def main_base(bases: Sequence[BaseRepo]) -> BaseRepo | None:
    """Return the base named ``main``, or else the first; None if there is none.

    Templates come from all bases, and the environment's promoted commit is that of this one.
    """
    return next((base for base in bases if base.name == "main"), bases[0] if bases else None)


class GitOpsRepo(ModelObject, frozen=True, kw_only=True):
    """Where the rendered manifests are delivered to."""

    pointer: Pointer


class DeploymentTarget(msgspec.Struct, frozen=True, kw_only=True):
    """One place in which a workload wants to run."""

    name: TargetName
    short_name: str
    """As the Workload file names it."""
    environment: str
    workload: str
    workspace: str
    labels: Labels
    """The target's, overridden by the workload's, plus ``workload`` and ``workspace``."""
    manifests: Labels
    """What the templates get as ``.Manifests``; usually ``repo``, ``branch`` and ``path``."""
    config_schemas: tuple[str, ...]
    """The workload's, then the target's own."""
    own_schemas: int = 0
    """How many of them are the target's own."""
    origin: Origin
    index: int
    """Position in ``spec.deploymentTargets``."""

    @property
    def at(self) -> Position:
        """Where the target is written down."""
        return self.origin.at("spec", "deploymentTargets", self.index)

    def manifest_at(self, key: str) -> Position:
        """Where one of the texts of ``manifests`` is written down."""
        return self.origin.at("spec", "deploymentTargets", self.index, "manifests", key)

    def schema_at(self, text: str) -> Position:
        """Where one of the schemas is written down: on the target, or on its workload."""
        shared = len(self.config_schemas) - self.own_schemas
        number = self.config_schemas.index(text)
        if number < shared:
            return self.origin.at("spec", "configSchemas", number)
        path = ("spec", "deploymentTargets", self.index, "configSchemas", number - shared)
        return self.origin.at(*path)


class Workload(ModelObject, frozen=True, kw_only=True):
    """An application as its own team describes it: where it wants to run."""

    targets: tuple[DeploymentTarget, ...]
    registration: WorkloadRegistration


Convention = Literal["walkthrough", "operator"]
"""How namespaces and configuration files are named."""
