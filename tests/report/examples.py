"""Differences made by hand, for the tests of how they are told."""

from __future__ import annotations

from msgspec.structs import replace

from kalypso.errors import Position
from kalypso.model.difference import (
    AssignmentDifference,
    Cause,
    ChangeKind,
    Detail,
    Difference,
    FileDifference,
)


def cause(name: str = "common", *details: Detail) -> Cause:
    return Cause(
        kind="ConfigMap",
        name=name,
        change="changed",
        at=Position(f"dev/{name}.yaml", 7, 3),
        details=details or (Detail("KEY", "old", "new"),),
    )


def assignment(  # noqa: PLR0913 - one for each field that matters
    cluster_type: str,
    target: str,
    kind: ChangeKind = "changed",
    *,
    old: str = "a: 1\n",
    new: str = "a: 2\n",
    causes: tuple[Cause, ...] = (),
) -> AssignmentDifference:
    files = (FileDifference(f"{cluster_type}/{target}/config.yaml", kind, old, new),)
    return AssignmentDifference(
        cluster_type=cluster_type,
        target=target,
        kind=kind,
        files=files,
        causes=causes,
        names=(target, cluster_type),
    )


def difference(
    *assignments: AssignmentDifference, other: tuple[FileDifference, ...] = ()
) -> Difference:
    return Difference(
        environment="dev",
        before="HEAD",
        after="the model",
        assignments=tuple(sorted(assignments, key=lambda each: each.folder)),
        other_files=other,
        count_before=10,
        count_after=10,
        explained=True,
    )


def first_delivery(workloads: int, clusters: int, policies: int = 2) -> list[AssignmentDifference]:
    """Add each workload to each cluster type, for causes of its own."""
    return [
        replace(
            assignment(
                f"type-{cluster:02}",
                f"web-{workload:03}",
                "added",
                causes=(
                    replace(cause(f"type-{cluster:02}"), kind="ClusterType"),
                    replace(cause(f"web-{workload:03}"), kind="Workload"),
                    replace(cause(f"policy-{workload % policies}"), kind="SchedulingPolicy"),
                ),
            ),
            names=(f"web-{workload:03}", f"type-{cluster:02}", f"shop-{workload:03}", "team"),
        )
        for cluster in range(clusters)
        for workload in range(workloads)
    ]
