"""The objects that a platform declares on a cluster: their names, and the label that marks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kalypso.stack.fleet import FleetCluster

OWNER_LABEL = "app.kubernetes.io/managed-by"
OWNER = "kalypso"
FLUX_NAMESPACE = "flux-system"
"""Where Flux runs, and where the templates of cluster types expect it."""
FLUX_SECRET = "repo-secret"  # noqa: S105 - the name that templates use
ARGO_CD_NAMESPACE = "argocd"
"""Where Argo CD runs, and where the templates of cluster types expect it."""
ARGO_CD_PROJECT = "kalypso"
_KINDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@dataclass(frozen=True, slots=True)
class Claim:
    """An object that a platform declares."""

    kind: str
    name: str
    path: str
    """In the API of its cluster."""
    installs: str = ""
    """The reconciler that it is a part of the installation of; empty if it is of none."""


def environment_object(environment: str) -> str:
    """Return the name of the objects that apply an environment."""
    return f"platform-{environment.lower().replace('_', '-')}"


def claims(cluster: FleetCluster) -> Iterator[Claim]:
    """Return what is declared on a cluster, but for secrets whose names come from addresses.

    Of an installation only the kind that everything hangs on is looked at.
    """
    if cluster.reconciler == "flux":
        yield from _of_flux(cluster)
    else:
        yield from _of_argo_cd(cluster)


def _of_flux(cluster: FleetCluster) -> Iterator[Claim]:
    if cluster.install:
        name = "gitrepositories.source.toolkit.fluxcd.io"
        yield Claim("CustomResourceDefinition", name, f"{_KINDS}/{name}", "Flux")
    core = f"/api/v1/namespaces/{FLUX_NAMESPACE}"
    yield Claim("Secret", FLUX_SECRET, f"{core}/secrets/{FLUX_SECRET}")
    for environment in cluster.branches:
        name = environment_object(environment)
        for group, plural, kind in (
            ("source.toolkit.fluxcd.io", "gitrepositories", "GitRepository"),
            ("kustomize.toolkit.fluxcd.io", "kustomizations", "Kustomization"),
        ):
            path = f"/apis/{group}/v1/namespaces/{FLUX_NAMESPACE}/{plural}/{name}"
            yield Claim(kind, name, path)


def _of_argo_cd(cluster: FleetCluster) -> Iterator[Claim]:
    if cluster.install:
        name = "applications.argoproj.io"
        yield Claim("CustomResourceDefinition", name, f"{_KINDS}/{name}", "Argo CD")
    base = f"/apis/argoproj.io/v1alpha1/namespaces/{ARGO_CD_NAMESPACE}"
    yield Claim("AppProject", ARGO_CD_PROJECT, f"{base}/appprojects/{ARGO_CD_PROJECT}")
    for environment in cluster.branches:
        name = environment_object(environment)
        yield Claim("Application", name, f"{base}/applications/{name}")
