"""The health of what runs: Kubernetes' own workloads, by the rules of kstatus and a little more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kalypso.promotion.expected import ObjectId
from kalypso.promotion.findings import Finding, wait
from kalypso.promotion.readers.fields import Fields
from kalypso.promotion.readers.forms import form_of
from kalypso.promotion.readers.once import Once
from kalypso.promotion.readers.readiness import Condition, conditions_of, generation_findings

_DEPLOYED = {"Available": "MinimumReplicasAvailable", "Progressing": "NewReplicaSetAvailable"}
"""The reasons with which a rollout is complete."""
_NO_DEADLINE = 2**31 - 1
"""With it, a Deployment has no condition Progressing."""
_SPEC = ("paused", "progressDeadlineSeconds", "replicas")
"""What health depends on; the rest of a spec is long."""
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
        Unclear: The object lacks a field that it has to have.
    """
    look = _LOOKS.get((identity.group, identity.kind))
    return None if look is None else look(form_of(fields.raw, _SPEC))


def _conditions(fields: Fields) -> Mapping[str, Condition]:
    return conditions_of(fields, "status", "conditions")


def _deployment(fields: Fields) -> Iterator[Finding]:
    yield from generation_findings(fields)
    if fields.flag("spec", "paused"):
        yield wait("its rollout is paused")
    wanted = fields.number("spec", "replicas")
    conditions = _conditions(fields)
    for kind, reason in _DEPLOYED.items():
        found = conditions.get(kind)
        if found is None:
            deadline = fields.optional_number("spec", "progressDeadlineSeconds", default=0)
            if kind != "Progressing" or deadline != _NO_DEADLINE:
                yield wait(f"it has no condition {kind} yet")
        elif (found.status, found.reason) != ("True", reason):
            yield wait(f"{kind} is {found.status}: {found.said}")
    counters = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
    yield from _counted(fields, wanted, counters)


def _stateful_set(fields: Fields) -> Iterator[Finding]:
    yield from generation_findings(fields)
    wanted = fields.number("spec", "replicas")
    yield from _counted(fields, wanted, ("replicas", "readyReplicas", "updatedReplicas"))
    current = fields.optional_text("status", "currentRevision")
    if current != fields.optional_text("status", "updateRevision"):
        yield wait("pods of the version before are still there")


def _daemon_set(fields: Fields) -> Iterator[Finding]:
    yield from generation_findings(fields)
    wanted = fields.number("status", "desiredNumberScheduled")
    yield from _counted(
        fields, wanted, ("updatedNumberScheduled", "numberReady", "numberAvailable")
    )


def _job(fields: Fields) -> Iterator[Finding]:  # it has no generation that is observed
    conditions = _conditions(fields)
    failed, complete = conditions.get("Failed"), conditions.get("Complete")
    if failed and failed.status != "False":
        yield wait(failed.said)
    elif complete is None or complete.status != "True":
        yield wait("it is not complete")


def _counted(fields: Fields, wanted: int, counters: tuple[str, ...]) -> Iterator[Finding]:
    for counter in counters:
        have = fields.optional_number("status", counter, default=0)
        if have != wanted:
            yield wait(f"{counter} is {have} of {wanted}")


def _all_of(look: Callable[[Fields], Iterator[Finding]]) -> Once[tuple[Finding, ...]]:
    return Once(lambda fields: tuple(look(fields)))


_LOOKS: Mapping[tuple[str, str], Once[tuple[Finding, ...]]] = {
    ("apps", "DaemonSet"): _all_of(_daemon_set),
    ("apps", "Deployment"): _all_of(_deployment),
    ("apps", "StatefulSet"): _all_of(_stateful_set),
    ("batch", "Job"): _all_of(_job),
}
