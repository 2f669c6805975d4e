"""What `kalypso get` lists: one listing for each kind of thing in a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec

from kalypso.model import CONFIG_LABEL, OWNER_LABELS, Assignment, Labels, Platform
from kalypso.report.listing import Cell, Column, Listing


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What listings are made from."""

    platform: Platform
    assignments: Sequence[Assignment]
    reach: Mapping[str, int] = msgspec.field(default_factory=dict)
    """How many assignments each platform configuration reaches, by name of the ConfigMap."""


def assignments(contents: Contents) -> Listing:
    """List who runs where, and by which policies."""
    columns = (
        Column("clusterType"),
        Column("deploymentTarget"),
        Column("workload"),
        Column("policies"),
        Column("workspace", wide=True),
        Column("reconciler", wide=True),
        Column("at", wide=True),
    )
    rows = tuple(
        (
            each.cluster_type.name,
            each.target.name,
            each.target.workload,
            [policy.name for policy in each.policies],
            each.target.workspace,
            each.cluster_type.reconciler,
            each.target.at,
        )
        for each in contents.assignments
    )
    return Listing(columns, rows, "Assignment", tuple(each.folder for each in contents.assignments))


def cluster_types(contents: Contents) -> Listing:
    """List cluster types, with how much runs on each."""
    columns = (
        Column("name"),
        Column("assignments"),
        Column("reconciler"),
        Column("configType"),
        Column("namespaceService", wide=True),
        Column("labels", wide=True),
        Column("at", wide=True),
    )
    on = Counter(each.cluster_type.name for each in contents.assignments)
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            on[each.name],
            each.reconciler,
            each.config_type or "configMap",
            each.namespace_service,
            each.labels,
            each.at,
        )
        for each in contents.platform.cluster_types
    ]
    return _by_name("ClusterType", columns, rows)


def targets(contents: Contents) -> Listing:
    """List the environment's deployment targets, with on how many cluster types each runs."""
    columns = (
        Column("name"),
        Column("workload"),
        Column("workspace"),
        Column("clusterTypes"),
        Column("labels", wide=True),
        Column("manifests", wide=True),
        Column("at", wide=True),
    )
    on = Counter(each.target.name for each in contents.assignments)
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            each.workload,
            each.workspace,
            on[each.name],
            _without_claimed(each.labels),
            each.manifests,
            each.at,
        )
        for each in contents.platform.targets
    ]
    return _by_name("DeploymentTarget", columns, rows)


def workloads(contents: Contents) -> Listing:
    """List workloads, with their targets here and their assignments."""
    columns = (
        Column("name"),
        Column("workspace"),
        Column("targets"),
        Column("assignments"),
        Column("otherEnvironments", wide=True),
        Column("registration", wide=True),
        Column("labels", wide=True),
        Column("at", wide=True),
    )
    on = Counter(each.target.workload for each in contents.assignments)
    environment = contents.platform.environment
    rows: list[tuple[Cell, ...]] = []
    for each in contents.platform.workloads:
        asked = {target.environment for target in each.targets}
        rows.append(
            (
                each.name,
                each.registration.workspace,
                [t.short_name for t in each.targets if t.environment == environment],
                on[each.name],
                sorted(asked - {environment}),
                each.registration.name,
                each.labels,
                each.at,
            )
        )
    return _by_name("Workload", columns, rows)


def policies(contents: Contents) -> Listing:
    """List scheduling policies: what they select, and how many assignments they account for."""
    columns = (
        Column("name"),
        Column("workspace"),
        Column("targets"),
        Column("clusterTypes"),
        Column("assignments"),
        Column("at", wide=True),
    )
    made = Counter(policy.name for each in contents.assignments for policy in each.policies)
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            each.workspace or "",
            each.target_selector,
            each.cluster_type_selector,
            made[each.name],
            each.at,
        )
        for each in contents.platform.policies
    ]
    return _by_name("SchedulingPolicy", columns, rows)


def templates(contents: Contents) -> Listing:
    """List templates, with how many cluster types name each."""
    columns = (
        Column("name"),
        Column("type"),
        Column("manifests"),
        Column("clusterTypes"),
        Column("contentType", wide=True),
        Column("at", wide=True),
    )
    used = Counter(
        name
        for each in contents.platform.cluster_types
        for name in {each.reconciler, each.namespace_service, each.config_type}
    )
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            each.type,
            len(each.manifests),
            used[each.name],
            each.content_type or "yaml",
            each.at,
        )
        for _, each in sorted(contents.platform.templates.items())
    ]
    return _by_name("Template", columns, rows)


def configs(contents: Contents) -> Listing:
    """List platform configuration: for whom it is, its keys, how many assignments it reaches."""
    columns = (
        Column("name"),
        Column("for"),
        Column("keys"),
        Column("assignments"),
        Column("at", wide=True),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            {key: value for key, value in each.labels.items() if key != CONFIG_LABEL},
            list(each.data),
            contents.reach.get(each.name, 0),
            each.at,
        )
        for each in contents.platform.config_maps
    ]
    return _by_name("ConfigMap", columns, rows)


LISTINGS: Mapping[str, Callable[[Contents], Listing]] = {
    "assignments": assignments,
    "cluster-types": cluster_types,
    "targets": targets,
    "workloads": workloads,
    "policies": policies,
    "templates": templates,
    "configs": configs,
}


def _by_name(kind: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]]) -> Listing:
    return Listing(columns, tuple(rows), kind, tuple(str(row[0]) for row in rows))


def _without_claimed(labels: Labels) -> Labels:
    """Leave out the labels that every target has and that stand in columns of their own."""
    return {key: value for key, value in labels.items() if key not in OWNER_LABELS}
