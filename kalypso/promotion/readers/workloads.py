"""The health of what runs: Kubernetes' own workloads, by the rules of kstatus and a little more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kalypso.promotion.expected import ObjectId
from kalypso.promotion.findings import Finding, wait
from kalypso.promotion.readers.fields import Fields
from kalypso.promotion.readers.readiness import Condition, conditions_of, generation_findings

PASSIVE = frozenset(
    {
        ("", "ConfigMap"),
        ("", "LimitRange"),
        ("", "Namespace"),
        ("", "ResourceQuota"),
        ("", "Secret"),
        ("", "Service"),
        ("", "ServiceAccount"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("autoscaling", "HorizontalPodAutoscaler"),
        ("batch", "CronJob"),
        ("networking.k8s.io", "Ingress"),
        ("networking.k8s.io", "NetworkPolicy"),
        ("policy", "PodDisruptionBudget"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("rbac.authorization.k8s.io", "Role"),
        ("rbac.authorization.k8s.io", "RoleBinding"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "StorageClass"),
    }
)
"""Group and kind of what is healthy as soon as it is there."""


def health_of(identity: ObjectId, fields: Fields) -> tuple[Finding, ...] | None:
    """Return what speaks against a workload; None for a kind whose health nobody here knows.

    Raises:
        Unclear: It does not say what it has to.
    """
    look = _LOOKS.get((identity.group, identity.kind))
    return None if look is None else (*generation_findings_of(identity, fields), *look(fields))


def generation_findings_of(identity: ObjectId, fields: Fields) -> Iterator[Finding]:
    """Return what generations say; a Job has none that is observed."""
    if identity.kind == "Job":
        return
    yield from generation_findings(fields)


def _conditions(fields: Fields) -> Mapping[str, Condition]:
    return conditions_of(fields, "status", "conditions")


def _deployment(fields: Fields) -> Iterator[Finding]:
    if fields.flag("spec", "paused"):
        yield wait("its rollout is paused")
    wanted = fields.optional_number("spec", "replicas", default=1)
    conditions = _conditions(fields)
    progressing = conditions.get("Progressing")
    if progressing and progressing.status != "True":
        yield wait(progressing.said)
    yield from _counted(fields, wanted, ("updatedReplicas", "readyReplicas", "availableReplicas"))
    if fields.optional_number("status", "replicas", default=0) > wanted:
        yield wait("pods of the version before are still there")
    available = conditions.get("Available")
    if available is None or available.status != "True":
        yield wait(available.said if available else "it has no condition Available yet")


def _stateful_set(fields: Fields) -> Iterator[Finding]:
    wanted = fields.optional_number("spec", "replicas", default=1)
    yield from _counted(fields, wanted, ("readyReplicas", "updatedReplicas"))
    current = fields.optional_text("status", "currentRevision")
    if current != fields.optional_text("status", "updateRevision"):
        yield wait("pods of the version before are still there")


def _daemon_set(fields: Fields) -> Iterator[Finding]:
    wanted = fields.number("status", "desiredNumberScheduled")
    yield from _counted(
        fields, wanted, ("updatedNumberScheduled", "numberReady", "numberAvailable")
    )


def _job(fields: Fields) -> Iterator[Finding]:
    conditions = _conditions(fields)
    failed, complete = conditions.get("Failed"), conditions.get("Complete")
    if failed and failed.status != "False":
        yield wait(failed.said)
    elif complete is None or complete.status != "True":
        yield wait("it is not complete")


def _counted(fields: Fields, wanted: int, counters: tuple[str, ...]) -> Iterator[Finding]:
    for counter in counters:
        have = fields.optional_number("status", counter, default=0)
        if have < wanted:
            yield wait(f"{counter} is {have} of {wanted}")


_LOOKS: Mapping[tuple[str, str], Callable[[Fields], Iterator[Finding]]] = {
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
}
