"""The whole model of one environment: its branch, the base that it points at, and the workloads.

Source: docs/explanation/model.md, "Where the model is read from".
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kalypso.errors import Collector, ModelError, Position, SourceError
from kalypso.loading.raw import RawObject, read_objects
from kalypso.loading.scope import Scope
from kalypso.loading.tree import ignored_files, read_tree_objects
from kalypso.loading.workloads import WorkloadReader, read_workloads
from kalypso.model import (
    BaseRepo,
    ClusterType,
    ConfigMap,
    ConfigSchema,
    Environment,
    GitOpsRepo,
    Platform,
    Pointer,
    Repositories,
    SchedulingPolicy,
    Source,
    Template,
    Workload,
    WorkloadRegistration,
    prefetch,
)

_ENVIRONMENT_KIND = re.compile(rb"^kind:\s*[\"']?Environment\b", re.MULTILINE)

_NEEDED = {
    "BaseRepo": "templates and registrations come from there",
    "GitOpsRepo": "manifests are delivered to it",
}
_HIDING = frozenset(
    {
        *("yaml-syntax", "yaml-key", "yaml-tag", "yaml-too-deep", "yaml-too-large"),
        *("not-utf8", "file-too-large", "duplicate-key", "kustomization", "no-such-folder"),
    }
)
"""Problems of a file behind which an object may be hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPlane:
    """Where the model of an environment begins."""

    environment: str
    source: Source
    """The environment's branch."""
    path: str = "."
    pointer: Pointer | None = None
    """Where the branch was read from, if it is known; Environment objects must agree with it."""


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
    with problems.catching():
        scope.add(read_tree_objects(start.source, start.path, problems))
    bases = scope.of(BaseRepo)
    _tell_missing(scope, start, problems)
    first = next((base for base in bases if base.name == "main"), bases[0] if bases else None)
    for base in bases:
        with problems.catching():
            pointer = replace(base.pointer, main_base=base is first)
            source, objects = _read_base(base.name, pointer, repositories, problems)
            scope.add(objects)
            _check_environments(source, start, problems)
    for environment in scope.of(Environment):
        if environment.name == start.environment:
            _check_agrees(environment, start, problems)
    registrations = scope.of(WorkloadRegistration)
    prefetch(repositories, [registration.workload for registration in registrations])
    workloads: list[Workload] = []
    for registration in registrations:
        with problems.catching():
            workloads += read(registration, repositories, problems, strict=strict)
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
    )


def _tell_missing(scope: Scope, start: ControlPlane, problems: Collector) -> None:
    """Tell what the environment lacks, unless it may stand in a file that could not be read."""
    if any(problem.code in _HIDING for problem in problems.errors):
        return
    for kind, why in _NEEDED.items():
        if not scope.saw(kind):
            problems.error(_missing(start, kind, why))


def _missing(start: ControlPlane, kind: str, why: str) -> ModelError:
    return ModelError(
        f"the environment {start.environment!r} has no {kind}",
        Position(start.source.place(posixpath.join(start.path, "").removeprefix("./"))),
        f"add one: {why}",
        code="missing-object",
    )


def _read_base(
    name: str, pointer: Pointer, repositories: Repositories, problems: Collector
) -> tuple[Source, list[RawObject]]:
    try:
        source = repositories.read(pointer)
        return source, read_tree_objects(source, pointer.path, problems)
    except SourceError as error:
        cause = error.problem
        message = f"the base {name!r} cannot be read: {cause.message}"
        raise SourceError(message, pointer.at, cause.hint, code=cause.code) from None


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
                f"the Workload {workload.name!r} stands twice, first in {other.at}",
                workload.at,
                f"it is registered by {other.registration.name!r} and by"
                f" {workload.registration.name!r}",
                code="duplicate-object",
            )
        )


def _check_environments(source: Source, start: ControlPlane, problems: Collector) -> None:
    """Hold the Environment of our name, wherever main has it, against where we read from."""
    found = Scope(Collector())
    for path in [*ignored_files(source)]:
        if _ENVIRONMENT_KIND.search(source.files[path]):
            found.add(read_objects(source.place(path), source.files[path], found.problems))
    problems.errors += found.problems.errors
    for environment in found.of(Environment):
        if environment.name == start.environment:
            _check_agrees(environment, start, problems)


def _check_agrees(environment: Environment, start: ControlPlane, problems: Collector) -> None:
    wanted, used = environment.control_plane, start.pointer
    if used is None:
        return
    for what, theirs, ours in (
        ("repository", _plain(wanted.repo), _plain(used.repo)),
        ("branch", wanted.branch, used.branch),
        ("path", wanted.path, used.path),
    ):
        if theirs != ours and (ours or what != "repository"):
            problems.error(
                ModelError(
                    f"the Environment {environment.name!r} names the {what} {theirs!r},"
                    f" the settings {ours!r}",
                    wanted.at,
                    "make them agree",
                    code="environment-disagrees",
                )
            )


def _plain(url: str) -> str:
    return url.removesuffix("/").removesuffix(".git").casefold()
