"""How the objects of two platforms differ, each compared once and only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from kalypso.model import (
    OWNER_LABELS,
    Cause,
    ChangeKind,
    ClusterType,
    DeploymentTarget,
    Detail,
    ModelObject,
    Platform,
    SchedulingPolicy,
    Template,
)

M = TypeVar("M", bound=ModelObject)
Found = tuple[Detail, tuple[str | int, ...]]
"""What differs, and the path of the field in the object."""

MappingChange = tuple[str, str | None, str | None]
"""A key with its text before and after; ``None`` where it was not there."""


class ObjectChanges:
    """The differences between the objects of two platforms."""

    def __init__(self, before: Platform, after: Platform) -> None:
        self._clusters = _by_name(before.cluster_types), _by_name(after.cluster_types)
        self._policies = _by_name(before.policies), _by_name(after.policies)
        self._templates = dict(before.templates), dict(after.templates)
        self._workloads = _by_name(before.workloads), _by_name(after.workloads)
        self._targets = _targets(before), _targets(after)
        self._known: dict[tuple[str, str], tuple[Cause, ...]] = {}

    def cluster_type(self, name: str, *, labels: bool) -> tuple[Cause, ...]:
        """Compare a cluster type: the templates that it names, and its labels if they count."""
        details = _cluster_and_labels if labels else _cluster_details
        return self._remember(
            f"ClusterType {labels}",
            name,
            lambda: _compare("ClusterType", name, self._clusters, details),
        )

    def policy(self, name: str) -> tuple[Cause, ...]:
        """Compare what a policy selects."""
        return self._remember(
            "policy",
            name,
            lambda: _compare("SchedulingPolicy", name, self._policies, _policy_details),
        )

    def template(self, name: str) -> tuple[Cause, ...]:
        """Compare what a template writes."""
        return self._remember(
            "template", name, lambda: _compare("Template", name, self._templates, _template_details)
        )

    def target(self, name: str) -> tuple[Cause, ...]:
        """Compare a deployment target, with the workload and the workspace that it belongs to."""
        return self._remember("target", name, lambda: tuple(self._target(name)))

    def _remember(
        self, what: str, name: str, compare: Callable[[], tuple[Cause, ...]]
    ) -> tuple[Cause, ...]:
        known = self._known.get((what, name))
        if known is None:
            known = self._known[what, name] = compare()
        return known

    def _target(self, name: str) -> Iterator[Cause]:
        old, new = (side.get(name) for side in self._targets)
        if old is None or new is None:
            yield from self._coming_or_going(old, new)
            return
        details = tuple(_target_details(old, new))
        if details:
            yield _workload_cause(new, details)
        if old.workspace != new.workspace:
            registration = self._workloads[1][new.workload].registration
            yield Cause(
                kind="WorkloadRegistration",
                name=registration.name,
                change="changed",
                at=registration.origin.at("spec", "workspace"),
                details=(Detail("workspace", old.workspace, new.workspace),),
            )

    def _coming_or_going(
        self, old: DeploymentTarget | None, new: DeploymentTarget | None
    ) -> Iterator[Cause]:
        change: ChangeKind = "removed" if new is None else "added"
        target = new or old
        if target is None:
            return
        before, after = (side.get(target.workload) for side in self._workloads)
        if before is None or after is None:
            workload = after or before
            at = target.origin.start if workload is None else workload.at
            yield Cause(kind="Workload", name=target.workload, change=change, at=at)
            return
        what = f"deployment target {target.short_name}"
        detail = (
            Detail(what, None, "is new") if change == "added" else Detail(what, None, "is gone")
        )
        at = after.at if change == "removed" else target.at
        yield Cause(
            kind="Workload", name=target.workload, change="changed", at=at, details=(detail,)
        )


def _by_name(things: tuple[M, ...]) -> dict[str, M]:
    return {thing.name: thing for thing in things}


def _targets(platform: Platform) -> dict[str, DeploymentTarget]:
    return {target.name: target for target in platform.targets}


def _compare(
    kind: str,
    name: str,
    sides: tuple[Mapping[str, M], Mapping[str, M]],
    details: Callable[[M, M], Iterator[Found]],
) -> tuple[Cause, ...]:
    old, new = sides[0].get(name), sides[1].get(name)
    if old is None or new is None:
        present = new or old
        if present is None:
            return ()
        change: ChangeKind = "removed" if new is None else "added"
        return (Cause(kind=kind, name=name, change=change, at=present.at),)
    found = tuple(details(old, new))
    if not found:
        return ()
    return (
        Cause(
            kind=kind,
            name=name,
            change="changed",
            at=new.origin.at(*found[0][1]),
            details=tuple(detail for detail, _ in found),
        ),
    )


def _cluster_details(old: ClusterType, new: ClusterType) -> Iterator[Found]:
    for field, before, after in (
        ("reconciler", old.reconciler, new.reconciler),
        ("namespaceService", old.namespace_service, new.namespace_service),
        ("configType", old.config_type or "configMap", new.config_type or "configMap"),
    ):
        if before != after:
            yield Detail(field, before, after), ("spec", field)


def _cluster_and_labels(old: ClusterType, new: ClusterType) -> Iterator[Found]:
    yield from _cluster_details(old, new)
    for key, before, after in mapping_changes(old.labels, new.labels):
        yield Detail(f"label {key}", before, after), ("metadata", "labels", key)


def _policy_details(old: SchedulingPolicy, new: SchedulingPolicy) -> Iterator[Found]:
    selector = "deploymentTargetSelector"
    if old.workspace != new.workspace:
        yield Detail("workspace", old.workspace, new.workspace), ("spec", selector, "workspace")
    if str(old.target_selector) != str(new.target_selector):
        yield (
            Detail("deployment targets", str(old.target_selector), str(new.target_selector)),
            ("spec", selector, "labelSelector"),
        )
    if str(old.cluster_type_selector) != str(new.cluster_type_selector):
        yield (
            Detail("cluster types", str(old.cluster_type_selector), str(new.cluster_type_selector)),
            ("spec", "clusterTypeSelector", "labelSelector"),
        )


def _template_details(old: Template, new: Template) -> Iterator[Found]:
    if old.content_type != new.content_type:
        yield Detail("contentType", old.content_type, new.content_type), ("spec", "contentType")
    count = max(len(old.manifests), len(new.manifests))
    for number in range(count):
        before, after = (side.manifests[number : number + 1] for side in (old, new))
        if before != after:
            word = "" if before and after else "is new" if after else "is gone"
            yield (
                Detail(f"manifest {number + 1}", None, word or None),
                ("spec", "manifests", number),
            )


def _target_details(old: DeploymentTarget, new: DeploymentTarget) -> Iterator[Found]:
    path = ("spec", "deploymentTargets", new.index)
    for key, before, after in mapping_changes(old.labels, new.labels):
        if key not in OWNER_LABELS:
            yield Detail(f"label {key}", before, after), (*path, "labels", key)
    for key, before, after in mapping_changes(old.manifests, new.manifests):
        yield Detail(f"manifests.{key}", before, after), (*path, "manifests", key)


def _workload_cause(new: DeploymentTarget, found: tuple[Found, ...]) -> Cause:
    return Cause(
        kind="Workload",
        name=new.workload,
        change="changed",
        at=new.origin.at(*found[0][1]),
        details=tuple(
            Detail(f"{new.short_name}: {detail.what}", detail.old, detail.new)
            for detail, _ in found
        ),
    )


def mapping_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[MappingChange]:
    """List the keys whose texts differ, sorted."""
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)
