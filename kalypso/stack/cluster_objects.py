"""The objects that a platform declares on a cluster: their names, and the label that marks them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kalypso.stack.fleet_cluster import FleetCluster, FleetHub
from kalypso.stack.hub_objects import (
    ACCOUNT,
    ACCOUNT_ADMIN,
    ACCOUNT_NAMESPACE,
    cluster_secret,
    kubeconfig_secret,
    kubernetes_name,
    platform_object,
    platform_project,
    reconcilers_account,
    reconcilers_object,
    reconcilers_project,
)

OWNER_LABEL = "app.kubernetes.io/managed-by"
OWNER = "kalypso"
FLUX_NAMESPACE = "flux-system"
"""Where Flux runs, and where the templates of cluster types expect it."""
FLUX_SECRET = "repo-secret"  # noqa: S105 - the name that templates use
FLUX_KEY = "platform-repository"
"""The secret with a cluster's deploy key, which opens the GitOps repository only."""
ARGO_CD_NAMESPACE = "argocd"
"""Where Argo CD runs, and where the templates of cluster types expect it."""
ARGO_CD_PROJECT = "kalypso"
_KINDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_RIGHTS = "/apis/rbac.authorization.k8s.io/v1"
_OF_FLUX = (
    ("source.toolkit.fluxcd.io", "gitrepositories", "GitRepository"),
    ("kustomize.toolkit.fluxcd.io", "kustomizations", "Kustomization"),
)


class Claim(msgspec.Struct, frozen=True):
    """An object that a platform declares."""

    kind: str
    name: str
    path: str
    """In the API of its cluster."""
    installs: str = ""
    """The reconciler that it is a part of the installation of; empty if it is of none."""
    on_hub: bool = False
    """Whether it is on the cluster's hub, and not on the cluster itself."""


def environment_object(environment: str) -> str:
    """Return the name of the objects that apply an environment."""
    return f"platform-{kubernetes_name(environment)}"


def claims(cluster: FleetCluster) -> Iterator[Claim]:
    """Return what is declared for a cluster, but for secrets whose names come from addresses.

    Of an installation only the kind that everything depends on is looked at.
    """
    if cluster.hub:
        yield from _of_account()
        on_hub = _of_flux_on_hub if cluster.reconciler == "flux" else _of_argo_cd_on_hub
        yield from on_hub(cluster, cluster.hub)
    elif cluster.extension:
        yield from _flux_secrets(cluster)
    elif cluster.reconciler == "flux":
        yield from _of_flux(cluster)
    else:
        yield from _of_argo_cd(cluster)


def _of_flux(cluster: FleetCluster) -> Iterator[Claim]:
    if cluster.install:
        name = "gitrepositories.source.toolkit.fluxcd.io"
        yield Claim("CustomResourceDefinition", name, f"{_KINDS}/{name}", "Flux")
    yield from _flux_secrets(cluster)
    for environment in cluster.branches:
        name = environment_object(environment)
        for group, plural, kind in _OF_FLUX:
            path = f"/apis/{group}/v1/namespaces/{FLUX_NAMESPACE}/{plural}/{name}"
            yield Claim(kind, name, path)


def _flux_secrets(cluster: FleetCluster) -> Iterator[Claim]:
    core = f"/api/v1/namespaces/{FLUX_NAMESPACE}"
    for name in (FLUX_SECRET, FLUX_KEY) if cluster.keyed else (FLUX_SECRET,):
        yield Claim("Secret", name, f"{core}/secrets/{name}")


def _of_argo_cd(cluster: FleetCluster) -> Iterator[Claim]:
    if cluster.install:
        name = "applications.argoproj.io"
        yield Claim("CustomResourceDefinition", name, f"{_KINDS}/{name}", "Argo CD")
    base = f"/apis/argoproj.io/v1alpha1/namespaces/{ARGO_CD_NAMESPACE}"
    yield Claim("AppProject", ARGO_CD_PROJECT, f"{base}/appprojects/{ARGO_CD_PROJECT}")
    for environment in cluster.branches:
        name = environment_object(environment)
        yield Claim("Application", name, f"{base}/applications/{name}")


def _of_account() -> Iterator[Claim]:
    core = f"/api/v1/namespaces/{ACCOUNT_NAMESPACE}"
    yield Claim("ServiceAccount", ACCOUNT, f"{core}/serviceaccounts/{ACCOUNT}")
    yield Claim("Secret", ACCOUNT, f"{core}/secrets/{ACCOUNT}")
    yield Claim("ClusterRole", ACCOUNT, f"{_RIGHTS}/clusterroles/{ACCOUNT}")
    for name in (ACCOUNT, ACCOUNT_ADMIN):
        yield Claim("ClusterRoleBinding", name, f"{_RIGHTS}/clusterrolebindings/{name}")


def _of_flux_on_hub(cluster: FleetCluster, hub: FleetHub) -> Iterator[Claim]:
    inside = f"namespaces/{hub.namespace}"
    keys = (FLUX_KEY,) if cluster.keyed else ()
    for name in (FLUX_SECRET, *keys, kubeconfig_secret(cluster.name)):
        yield Claim("Secret", name, f"/api/v1/{inside}/secrets/{name}", on_hub=True)
    name = reconcilers_account(cluster.name)
    account = f"/api/v1/{inside}/serviceaccounts/{name}"
    yield Claim("ServiceAccount", name, account, on_hub=True)
    yield Claim("Role", name, f"{_RIGHTS}/{inside}/roles/{name}", on_hub=True)
    yield Claim("RoleBinding", name, f"{_RIGHTS}/{inside}/rolebindings/{name}", on_hub=True)
    for name in _environment_objects(cluster):
        for group, plural, kind in _OF_FLUX:
            yield Claim(kind, name, f"/apis/{group}/v1/{inside}/{plural}/{name}", on_hub=True)


def _of_argo_cd_on_hub(cluster: FleetCluster, hub: FleetHub) -> Iterator[Claim]:
    name = cluster_secret(cluster.name)
    path = f"/api/v1/namespaces/{hub.namespace}/secrets/{name}"
    yield Claim("Secret", name, path, on_hub=True)
    base = f"/apis/argoproj.io/v1alpha1/namespaces/{hub.namespace}"
    for name in (platform_project(cluster.name), reconcilers_project(cluster.name)):
        yield Claim("AppProject", name, f"{base}/appprojects/{name}", on_hub=True)
    for name in _environment_objects(cluster):
        yield Claim("Application", name, f"{base}/applications/{name}", on_hub=True)


def _environment_objects(cluster: FleetCluster) -> Iterator[str]:
    for environment in cluster.branches:
        yield platform_object(cluster.name, environment)
        yield reconcilers_object(cluster.name, environment)
