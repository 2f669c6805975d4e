"""The namespace of each assignment, and what is wrong with it.

Source: docs/explanation/model.md, "Namespaces".
"""

from __future__ import annotations

from collections.abc import Sequence

from kalypso.errors import Collector, ModelError
from kalypso.model import MAX_LABEL, Assignment, Convention, DeploymentTarget, Platform, fault


def namespace_of(assignment: Assignment, environment: str, convention: Convention) -> str:
    """Return the namespace in which an assignment's workload runs."""
    target = assignment.target
    middle = target.workspace if convention == "walkthrough" else assignment.cluster_type.name
    return f"{environment}-{middle}-{target.name}"


def namespaces(
    platform: Platform,
    assignments: Sequence[Assignment],
    convention: Convention,
    problems: Collector,
) -> list[str]:
    """Return the namespace of each assignment, in order; refuse bad and shared ones.

    Two assignments on one cluster type may not share a namespace: each would overwrite the
    other's objects. Under the convention ``walkthrough``, in which a namespace does not depend on
    the cluster type, targets that nothing assigns yet are looked at as well.
    """
    if convention == "walkthrough":
        _warn_of_unassigned(platform, assignments, problems)
    environment = platform.environment
    found: list[str] = []
    taken: dict[str, dict[str, DeploymentTarget]] = {}
    """Targets by cluster type and namespace."""
    reported: set[str] = set()
    for assignment in assignments:
        name = namespace_of(assignment, environment, convention)
        found.append(name)
        target, cluster = assignment.target, assignment.cluster_type.name
        wrong = fault("dns1123label", name)
        if wrong and name not in reported:
            reported.add(name)
            problems.error(_bad(assignment, environment, convention, name, wrong))
        other = taken.setdefault(cluster, {}).setdefault(name, target)
        if other is not target:
            problems.error(
                ModelError(
                    f"{target.name!r} and {other.name!r} have the same namespace {name!r}"
                    f" on {cluster!r}",
                    target.at,
                    f"the other is in {other.at}; rename one",
                    code="namespace-clash",
                )
            )
    return found


def _warn_of_unassigned(
    platform: Platform, assignments: Sequence[Assignment], problems: Collector
) -> None:
    """Warn about targets that nothing assigns yet and whose namespace would be refused."""
    assigned = {assignment.target.name for assignment in assignments}
    for target in platform.targets:
        if target.name in assigned or fault("dns1123label", target.name):
            continue
        name = f"{platform.environment}-{target.workspace}-{target.name}"
        if wrong := fault("dns1123label", name):
            problems.warn(
                "bad-namespace",
                f"the namespace {name!r} {wrong}",
                target.at,
                "it would be an error once the deployment target is assigned",
            )


def _bad(
    assignment: Assignment, environment: str, convention: Convention, name: str, wrong: str
) -> ModelError:
    target = assignment.target
    middle = (
        f"workspace {target.workspace!r}"
        if convention == "walkthrough"
        else f"cluster type {assignment.cluster_type.name!r}"
    )
    return ModelError(
        f"the namespace {name!r} {wrong}",
        target.at,
        f"it is made of the environment {environment!r}, the {middle} and the deployment target"
        f" {target.name!r}, and may have {MAX_LABEL} characters",
        code="bad-namespace",
    )
