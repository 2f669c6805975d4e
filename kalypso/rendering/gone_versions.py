"""API versions of Kubernetes' own kinds that no supported release serves any more.

Some versions serve other kinds to this day, so kind and version belong together. What Flux and
other controllers serve depends on their release, and is a matter of advice.

Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/, up to release 1.32.
"""

from __future__ import annotations

_WORKLOADS = ("ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
_ROLES = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
_WEBHOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_REVIEWS = (
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
)
_FLOWS = ("FlowSchema", "PriorityLevelConfiguration")
_STORAGE = ("CSIDriver", "CSINode", "CSIStorageCapacity", "StorageClass", "VolumeAttachment")
_GONE: dict[str, dict[str, tuple[str, ...]]] = {
    "apps/v1": {
        "apps/v1beta1": _WORKLOADS,
        "apps/v1beta2": _WORKLOADS,
        "extensions/v1beta1": _WORKLOADS,
    },
    "networking.k8s.io/v1": {
        "extensions/v1beta1": ("Ingress", "NetworkPolicy"),
        "networking.k8s.io/v1beta1": ("Ingress", "IngressClass"),
    },
    "batch/v1": {"batch/v1beta1": ("CronJob",), "batch/v2alpha1": ("CronJob",)},
    "policy/v1": {"policy/v1beta1": ("PodDisruptionBudget",)},
    "autoscaling/v2": {
        "autoscaling/v2beta1": ("HorizontalPodAutoscaler",),
        "autoscaling/v2beta2": ("HorizontalPodAutoscaler",),
    },
    "rbac.authorization.k8s.io/v1": {
        "rbac.authorization.k8s.io/v1alpha1": _ROLES,
        "rbac.authorization.k8s.io/v1beta1": _ROLES,
    },
    "apiextensions.k8s.io/v1": {"apiextensions.k8s.io/v1beta1": ("CustomResourceDefinition",)},
    "apiregistration.k8s.io/v1": {"apiregistration.k8s.io/v1beta1": ("APIService",)},
    "admissionregistration.k8s.io/v1": {"admissionregistration.k8s.io/v1beta1": _WEBHOOKS},
    "authentication.k8s.io/v1": {"authentication.k8s.io/v1beta1": ("TokenReview",)},
    "authorization.k8s.io/v1": {"authorization.k8s.io/v1beta1": _REVIEWS},
    "certificates.k8s.io/v1": {"certificates.k8s.io/v1beta1": ("CertificateSigningRequest",)},
    "coordination.k8s.io/v1": {"coordination.k8s.io/v1beta1": ("Lease",)},
    "discovery.k8s.io/v1": {"discovery.k8s.io/v1beta1": ("EndpointSlice",)},
    "events.k8s.io/v1": {"events.k8s.io/v1beta1": ("Event",)},
    "flowcontrol.apiserver.k8s.io/v1": {
        "flowcontrol.apiserver.k8s.io/v1beta1": _FLOWS,
        "flowcontrol.apiserver.k8s.io/v1beta2": _FLOWS,
        "flowcontrol.apiserver.k8s.io/v1beta3": _FLOWS,
    },
    "node.k8s.io/v1": {"node.k8s.io/v1beta1": ("RuntimeClass",)},
    "scheduling.k8s.io/v1": {
        "scheduling.k8s.io/v1alpha1": ("PriorityClass",),
        "scheduling.k8s.io/v1beta1": ("PriorityClass",),
    },
    "storage.k8s.io/v1": {"storage.k8s.io/v1beta1": _STORAGE},
    "": {"extensions/v1beta1": ("PodSecurityPolicy",), "policy/v1beta1": ("PodSecurityPolicy",)},
}
"""What serves a kind today, the versions that do not, and the kinds that they had."""
_INSTEAD = {
    (version, kind): new
    for new, versions in _GONE.items()
    for version, kinds in versions.items()
    for kind in kinds
}


def gone(version: str, kind: str) -> str:
    """Return the message about an API version that serves a kind no more; empty if it does."""
    if (version, kind) not in _INSTEAD:
        return ""
    new = _INSTEAD[version, kind]
    instead = f"use {new}" if new else "nothing took its place"
    return f"Kubernetes no longer serves {version} of the {kind}: {instead}"
