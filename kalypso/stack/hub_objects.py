"""Names of what a platform declares for a cluster with a hub: on the hub, and on the cluster.

Other clusters may have the same hub, so everything there has the name of its cluster.
"""

from __future__ import annotations

ACCOUNT = "kalypso-hub"
"""Service account, rights and token on the cluster, by which the hub applies to it."""
ACCOUNT_NAMESPACE = "kube-system"
"""Every cluster has it, and what applies to all namespaces is at home there."""
ACCOUNT_ADMIN = f"{ACCOUNT}-admin"
"""Binding to Kubernetes' own role `admin`, which operators extend with kinds of theirs."""


def kubernetes_name(text: str) -> str:
    """Return a name of the settings as Kubernetes allows it."""
    return text.lower().replace("_", "-")


def kubeconfig_secret(cluster: str) -> str:
    """Return the secret with which Flux on a hub reaches a cluster."""
    return f"{kubernetes_name(cluster)}-kubeconfig"


def cluster_secret(cluster: str) -> str:
    """Return the secret by which Argo CD on a hub knows a cluster."""
    return f"kalypso-cluster-{kubernetes_name(cluster)}"


def platform_object(cluster: str, environment: str) -> str:
    """Return the object that applies namespaces and configuration to the cluster."""
    return f"{kubernetes_name(cluster)}-platform-{kubernetes_name(environment)}"


def reconcilers_object(cluster: str, environment: str) -> str:
    """Return the object that applies the reconcilers' objects to the hub."""
    return f"{kubernetes_name(cluster)}-reconcilers-{kubernetes_name(environment)}"


def reconcilers_account(cluster: str) -> str:
    """Return the service account of the hub that may change Flux's objects only."""
    return f"{kubernetes_name(cluster)}-reconcilers"


def platform_project(cluster: str) -> str:
    """Return the AppProject whose Applications go to the cluster, and nowhere else."""
    return f"kalypso-{kubernetes_name(cluster)}"


def reconcilers_project(cluster: str) -> str:
    """Return the AppProject that allows Argo CD's own objects on the hub, and nothing else."""
    return f"{platform_project(cluster)}-reconcilers"
