"""The whole model of one environment: its branch, the base that it points at, and the workloads.

Source: docs/explanation/model.md, "Where the model is read from".
"""

from __future__ import annotations

from collections.abc import Iterable

from kalypso.errors import Collector, ModelError
from kalypso.loading.control_plane import ControlPlaneReader
from kalypso.loading.scope import Scope
from kalypso.loading.start import ControlPlane
from kalypso.loading.workloads import WorkloadReader, read_workloads
from kalypso.model import (
    ClusterType,
    ConfigMap,
    ConfigSchema,
    GitOpsRepo,
    Platform,
    Repositories,
    SchedulingPolicy,
    Template,
    Workload,
    WorkloadRegistration,
    prefetch,
)


def load_platform(
    start: ControlPlane,
    repositories: Repositories,
    problems: Collector,
    *,
    strict: bool = False,
    read: WorkloadReader = read_workloads,
) -> Platform:
    """Load all objects of an environment.

    Args:
        start: The environment's branch of the control plane.
        repositories: Gives the base and the workloads' repositories.
        problems: Receives every problem; with an error in it, the platform is incomplete and
            must not be delivered.
        strict: Unknown fields are errors.
        read: Reads the workloads of a registration; another one may remember them.
    """
    scope = Scope(problems, strict)
    reader = ControlPlaneReader(start, repositories, scope)
    bases = reader.read()
    registrations = scope.of(WorkloadRegistration)
    prefetch(repositories, [registration.workload for registration in registrations])
    workloads: list[Workload] = []
    for registration in registrations:
        with problems.catching():
            workloads += read(registration, repositories, problems, strict=strict)
    complete = not problems.errors
    _refuse_duplicates(workloads, problems)
    return Platform(
        environment=start.environment,
        cluster_types=scope.of(ClusterType),
        policies=scope.of(SchedulingPolicy),
        config_maps=scope.of(ConfigMap),
        schemas=scope.of(ConfigSchema),
        templates={template.name: template for template in scope.of(Template)},
        registrations=registrations,
        workloads=tuple(sorted(workloads, key=lambda workload: workload.name)),
        base_repos=bases,
        gitops_repo=_only_gitops_repo(scope.of(GitOpsRepo), problems),
        passed_over=dict(sorted(scope.passed_over.items())),
        complete=complete,
        config_complete=not reader.config_hidden,
        templates_complete=not reader.templates_hidden,
    )


def _only_gitops_repo(found: tuple[GitOpsRepo, ...], problems: Collector) -> GitOpsRepo | None:
    for extra in found[1:]:
        problems.error(
            ModelError(
                f"a second GitOpsRepo {extra.name!r}; the first is {found[0].name!r}"
                f" in {found[0].at}",
                extra.at,
                "an environment delivers to one repository",
                code="two-gitops-repos",
            )
        )
    return found[0] if found else None


def _refuse_duplicates(workloads: Iterable[Workload], problems: Collector) -> None:
    first: dict[str, Workload] = {}
    for workload in workloads:
        other = first.setdefault(workload.name, workload)
        if other is workload:
            continue
        problems.error(
            ModelError(
                f"the Workload {workload.name!r} is defined twice, first in {other.at}",
                workload.at,
                f"it is registered by {other.registration.name!r} and by"
                f" {workload.registration.name!r}",
                code="duplicate-object",
            )
        )
