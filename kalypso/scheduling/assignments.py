"""Assignments: the cross product of what each policy selects, one for each pair.

Source: docs/explanation/model.md, "From model to assignments".
"""

from __future__ import annotations

from kalypso.errors import Collector, ModelError
from kalypso.model import (
    Assignment,
    DeploymentTarget,
    Platform,
    SchedulingPolicy,
    fault,
    unportable,
)
from kalypso.scheduling.selectors import LabelIndex


def assign(platform: Platform, problems: Collector) -> tuple[Assignment, ...]:
    """Find out who runs where.

    Args:
        platform: The model of the environment.
        problems: Receives names that clash, or that Kubernetes would not accept.

    Returns:
        One assignment for each pair that at least one policy selects, with all its policies;
        sorted by cluster type, then by deployment target.
    """
    targets = _unique_targets(platform.targets, problems)
    reasons = _reasons(platform, targets)
    _check_names(targets, set().union(*reasons), problems)
    return tuple(
        Assignment(cluster, targets[number], own[number])
        for cluster, own in zip(platform.cluster_types, reasons, strict=True)
        for number in sorted(own)
    )


def _unique_targets(
    targets: tuple[DeploymentTarget, ...], problems: Collector
) -> tuple[DeploymentTarget, ...]:
    unique: dict[str, DeploymentTarget] = {}
    for target in targets:
        other = unique.setdefault(target.name, target)
        if other is not target and other.workload != target.workload:
            problems.error(
                ModelError(
                    f"the workloads {other.workload!r} and {target.workload!r} both have a"
                    f" deployment target with the full name {target.name!r}",
                    target.at,
                    f"the first is in {other.at}; give one of them another name",
                    code="target-clash",
                )
            )
    return tuple(unique.values())


def _reasons(
    platform: Platform, targets: tuple[DeploymentTarget, ...]
) -> list[dict[int, tuple[SchedulingPolicy, ...]]]:
    """Map positions of targets to the policies that select them, for each cluster type."""
    clusters = LabelIndex([cluster.labels for cluster in platform.cluster_types])
    wanted = LabelIndex([target.labels for target in targets])
    reasons: list[dict[int, tuple[SchedulingPolicy, ...]]] = [{} for _ in platform.cluster_types]
    for policy in platform.policies:
        selected = [
            number
            for number in wanted.select(policy.target_selector)
            if policy.workspace is None or targets[number].workspace == policy.workspace
        ]
        only = (policy,)
        for cluster in clusters.select(policy.cluster_type_selector) if selected else ():
            own = reasons[cluster]
            for number in selected:
                earlier = own.get(number)
                own[number] = (*earlier, policy) if earlier else only
    return reasons


def _check_names(
    targets: tuple[DeploymentTarget, ...], assigned: set[int], problems: Collector
) -> None:
    for number, target in enumerate(targets):
        wrong = fault("dns1123label", target.name) or unportable(target.name)
        if not wrong:
            continue
        sentence = f"the deployment target's full name {target.name!r} {wrong}"
        if number in assigned:
            problems.error(ModelError(sentence, target.at, code="bad-name"))
        else:
            problems.warn("bad-name", sentence, target.at, "it would be an error once assigned")
