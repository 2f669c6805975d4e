"""Policies that select nothing on a side, and policies that another one covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kalypso.errors import Collector
from kalypso.model import Assignment, Platform, Requirement, SchedulingPolicy, Selector
from kalypso.scheduling import meets, selects
from kalypso.spelling import nearest


def advise_on_policies(
    platform: Platform, assignments: Sequence[Assignment], problems: Collector
) -> None:
    """Warn about policies without effect."""
    targets = [target.labels for target in platform.targets]
    clusters = [cluster.labels for cluster in platform.cluster_types]
    workspaces = {target.workspace for target in platform.targets}
    for policy in platform.policies:
        if targets:
            _advise_on_workspace(policy, workspaces, platform.environment, problems)
            _advise_on_side(policy, "deploymentTargetSelector", targets, problems)
        else:
            _warn_of_no_targets(policy, platform.environment, problems)
        _advise_on_side(policy, "clusterTypeSelector", clusters, problems)
    _advise_on_covered(assignments, problems)


def _warn_of_no_targets(policy: SchedulingPolicy, environment: str, problems: Collector) -> None:
    """Warn that there is nothing to select, whatever the policy asks for."""
    problems.warn(
        "policy-selects-nothing",
        f"the policy {policy.name!r} selects nothing: {environment!r} has no deployment target",
        policy.origin.at("spec", "deploymentTargetSelector"),
        "workloads bring them, and are registered on main: does the environment have that commit?",
    )


def _advise_on_workspace(
    policy: SchedulingPolicy, known: set[str], environment: str, problems: Collector
) -> None:
    if policy.workspace is None or policy.workspace in known:
        return
    near = nearest(policy.workspace, known)
    problems.warn(
        "policy-selects-nothing",
        f"the policy {policy.name!r} selects nothing: no deployment target in {environment!r} is"
        f" of the workspace {policy.workspace!r}",
        policy.origin.at("spec", "deploymentTargetSelector", "workspace"),
        f"did you mean {near!r}?" if near else "",
    )


def _advise_on_side(
    policy: SchedulingPolicy,
    side: str,
    labels: Sequence[Mapping[str, str]],
    problems: Collector,
) -> None:
    targets = side == "deploymentTargetSelector"
    selector = policy.target_selector if targets else policy.cluster_type_selector
    if any(selects(selector, own) for own in labels):
        return
    what = "deployment target" if targets else "cluster type"
    requirement, hint = _reason(selector, labels) if labels else (None, "")
    path = requirement.path if requirement else ()
    problems.warn(
        "policy-selects-nothing",
        f"the policy {policy.name!r} selects no {what}: none has {selector}"
        if requirement
        else f"the policy {policy.name!r} selects no {what}: there is none",
        policy.origin.at("spec", side, "labelSelector", *path),
        hint,
    )


def _reason(
    selector: Selector, labels: Sequence[Mapping[str, str]]
) -> tuple[Requirement | None, str]:
    """Find the requirement to look at first, and what its author may have meant."""
    for requirement in selector.requirements:
        if any(meets(requirement, own) for own in labels):
            continue
        keys = {key for own in labels for key in own}
        if requirement.key not in keys:
            near = nearest(requirement.key, keys)
            return requirement, f"no label is named {requirement.key!r}" + _meant(near)
        values = {own[requirement.key] for own in labels if requirement.key in own}
        near = nearest(requirement.values[0], values) if requirement.values else ""
        there = ", ".join(sorted(values)[:10])
        return requirement, f"{requirement.key} is one of: {there}" + _meant(near)
    if not selector.requirements:
        return None, ""
    return selector.requirements[0], "each requirement alone is met, but never all of them together"


def _meant(near: str) -> str:
    return f"; did you mean {near!r}?" if near else ""


def _advise_on_covered(assignments: Iterable[Assignment], problems: Collector) -> None:
    """Warn about a policy all of whose assignments another policy makes too."""
    count: dict[str, int] = defaultdict(int)
    together: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    policies: dict[str, SchedulingPolicy] = {}
    for assignment in assignments:
        for policy in assignment.policies:
            policies[policy.name] = policy
            count[policy.name] += 1
            for other in assignment.policies:
                if other is not policy:
                    together[policy.name][other.name] += 1
    for name in sorted(together):
        covering = [
            other
            for other, shared in sorted(together[name].items())
            if shared == count[name] and (count[other] > count[name] or other < name)
        ]
        if covering:
            other = policies[covering[0]]
            problems.warn(
                "policy-covered",
                f"everything that the policy {name!r} assigns, {other.name!r} assigns as well",
                policies[name].at,
                f"the other is in {other.at}",
            )
