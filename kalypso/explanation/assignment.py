"""Why a deployment target runs on a cluster type, or what keeps it off.

Source: docs/explanation/model.md, "Policies".
"""

from __future__ import annotations

from collections.abc import Iterator

from kalypso.errors import Position
from kalypso.model import (
    WORKLOAD_LABEL,
    WORKSPACE_LABEL,
    ClusterType,
    Condition,
    DeploymentTarget,
    PairExplanation,
    Platform,
    PolicyVerdict,
    SchedulingPolicy,
    Selector,
    Side,
)
from kalypso.scheduling import meets


def explain_pair(
    platform: Platform, cluster: ClusterType, target: DeploymentTarget
) -> PairExplanation:
    """Hold every requirement of every policy against a pair."""
    verdicts = [
        PolicyVerdict(policy, tuple(_conditions(platform, policy, cluster, target)))
        for policy in platform.policies
    ]
    verdicts.sort(key=_nearest)
    return PairExplanation(
        environment=platform.environment,
        cluster_type=cluster,
        target=target,
        verdicts=tuple(verdicts),
    )


def _nearest(verdict: PolicyVerdict) -> tuple[int, int, str]:
    failed = len(verdict.failed)
    return failed, failed - len(verdict.conditions), verdict.policy.name


def _conditions(
    platform: Platform, policy: SchedulingPolicy, cluster: ClusterType, target: DeploymentTarget
) -> Iterator[Condition]:
    side: Side = "deploymentTarget"
    if policy.workspace is not None:
        yield Condition(
            side=side,
            requirement=f"workspace = {policy.workspace}",
            key="workspace",
            found=target.workspace or None,
            holds=target.workspace == policy.workspace,
            at=policy.origin.at("spec", "deploymentTargetSelector", "workspace"),
            found_at=_target_label_at(platform, target, "workspace"),
        )
    yield from _of_selector(platform, policy, policy.target_selector, target)
    yield from _of_selector(platform, policy, policy.cluster_type_selector, cluster)


def _of_selector(
    platform: Platform,
    policy: SchedulingPolicy,
    selector: Selector,
    thing: ClusterType | DeploymentTarget,
) -> Iterator[Condition]:
    side: Side = "clusterType" if isinstance(thing, ClusterType) else "deploymentTarget"
    for requirement in selector.requirements:
        key = requirement.key
        yield Condition(
            side=side,
            requirement=str(requirement),
            key=key,
            found=thing.labels.get(key),
            holds=meets(requirement, thing.labels),
            at=policy.origin.at("spec", f"{side}Selector", "labelSelector", *requirement.path),
            found_at=_label_at(platform, thing, key) if key in thing.labels else None,
        )


def _label_at(
    platform: Platform, thing: ClusterType | DeploymentTarget, key: str
) -> Position | None:
    if isinstance(thing, ClusterType):
        return thing.origin.at("metadata", "labels", key)
    return _target_label_at(platform, thing, key)


def _target_label_at(platform: Platform, target: DeploymentTarget, key: str) -> Position | None:
    """Find who gave a target its label: its registration, its workload, or itself."""
    workload = next(each for each in platform.workloads if each.name == target.workload)
    if key == WORKSPACE_LABEL:
        return workload.registration.origin.at("spec", "workspace") if target.workspace else None
    if key == WORKLOAD_LABEL:
        return workload.origin.at("metadata", "name")
    if key in workload.labels:
        return workload.origin.at("metadata", "labels", key)
    return target.origin.at("spec", "deploymentTargets", target.index, "labels", key)
