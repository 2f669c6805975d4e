"""The whole model of one environment, and what evaluating it yields."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kalypso.errors import Problem
from kalypso.model.objects import (
    BaseRepo,
    ClusterType,
    ClusterTypeName,
    ConfigMap,
    ConfigSchema,
    Convention,
    DeploymentTarget,
    GitOpsRepo,
    SchedulingPolicy,
    TargetName,
    Template,
    Workload,
    WorkloadRegistration,
)


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """All objects of one environment, each list sorted by name."""

    environment: str
    cluster_types: tuple[ClusterType, ...] = ()
    policies: tuple[SchedulingPolicy, ...] = ()
    config_maps: tuple[ConfigMap, ...] = ()
    schemas: tuple[ConfigSchema, ...] = ()
    templates: Mapping[str, Template] = msgspec.field(default_factory=dict)
    registrations: tuple[WorkloadRegistration, ...] = ()
    workloads: tuple[Workload, ...] = ()
    base_repos: tuple[BaseRepo, ...] = ()
    gitops_repo: GitOpsRepo | None = None
    passed_over: Mapping[str, int] = msgspec.field(default_factory=dict)
    """How many objects of other Kubernetes kinds were ignored, by kind."""
    complete: bool = True
    """Whether every object could be read; else some may be missing."""
    config_complete: bool = True
    """Whether every config map and schema could be read: else nothing is known about values."""
    templates_complete: bool = True
    """The same of templates."""

    @property
    def targets(self) -> tuple[DeploymentTarget, ...]:
        """The deployment targets that want to run in this environment, sorted by name."""
        return tuple(
            sorted(
                (
                    target
                    for workload in self.workloads
                    for target in workload.targets
                    if target.environment == self.environment
                ),
                key=lambda target: target.name,
            )
        )


class Assignment(msgspec.Struct, frozen=True):
    """A deployment target on a cluster type, with every policy that put it there."""

    cluster_type: ClusterType
    target: DeploymentTarget
    policies: tuple[SchedulingPolicy, ...]
    """Sorted by name; never empty."""

    @property
    def key(self) -> tuple[ClusterTypeName, TargetName]:
        """What identifies it, and what assignments are sorted by."""
        return (ClusterTypeName(self.cluster_type.name), self.target.name)

    @property
    def folder(self) -> str:
        """Its folder in the GitOps repository."""
        return f"{self.cluster_type.name}/{self.target.name}"


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What a model says: who runs where, and the files that make it so."""

    environment: str
    convention: Convention
    platform: Platform
    assignments: tuple[Assignment, ...]
    """Sorted by cluster type, then target."""
    files: Mapping[str, str]
    """Text of every file that the scheduler owns, by its path in the GitOps branch, sorted."""
    promoted_commit: str
    """Commit of main that the environment runs; empty if the model names none."""
    warnings: tuple[Problem, ...] = ()

    @property
    def cluster_types(self) -> tuple[ClusterType, ...]:
        """All cluster types, those without assignments too."""
        return self.platform.cluster_types
