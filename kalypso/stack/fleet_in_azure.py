"""The clusters of a fleet that are in Azure: what is made there, and who applies manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from kalypso.errors import Position, Problem
from kalypso.stack.azure_id import read_azure_id
from kalypso.stack.cluster_objects import environment_object
from kalypso.stack.clusters import Cluster, Reconciler
from kalypso.stack.fleet_cluster import ControlPlane, FleetAzure, FleetCluster
from kalypso.stack.settings import Settings

_LONGEST = 30
"""Letters that Azure allows for the name of a Flux configuration."""


class Refusal(msgspec.Struct, frozen=True):
    """Why a cluster cannot be set up in Azure as its settings ask."""

    cluster: str
    field: str
    message: str
    hint: str


def in_azure(cluster: Cluster) -> FleetAzure | None:
    """Return what a cluster is in Azure; None for one of another provider."""
    if cluster.provider == "azure":
        return FleetAzure(kind="aks", id=read_azure_id(cluster.resource_id))
    if cluster.provider == "arc":
        return FleetAzure(kind="arc", id=read_azure_id(cluster.resource_id))
    return None


def extension_of(cluster: Cluster, reconciler: Reconciler) -> Literal["", "install", "use"]:
    """Return whether Azure's extension is the Flux of a cluster, and whether it is there."""
    if in_azure(cluster) is None or reconciler != "flux" or cluster.install == "manifests":
        return ""
    return "use" if cluster.install == "none" else "install"


def control_planes(settings: Settings) -> tuple[ControlPlane, ...]:
    """Return the clusters without workloads that are in Azure, or that run the program."""
    return tuple(
        ControlPlane(
            name=cluster.name,
            azure=in_azure(cluster),
            context="" if in_azure(cluster) else cluster.context,
            operates=cluster.name == settings.operator.cluster,
        )
        for cluster in settings.clusters
        if cluster.role == "control-plane"
        and (in_azure(cluster) or cluster.name == settings.operator.cluster)
    )


def refused_in_azure(
    clusters: Sequence[FleetCluster], *, by_app: bool = False
) -> Iterator[Refusal]:
    """Return what model and settings ask of clusters of Azure that cannot be done there.

    Args:
        clusters: Of the fleet.
        by_app: Whether a GitHub App reads the GitOps repository. The version of Azure's interface
            that declares Flux configurations, 2023-05-01, cannot say so.
    """
    for cluster in clusters:
        if cluster.azure is None:
            continue
        if cluster.extension and by_app:
            message = (
                f"the cluster {cluster.name!r} has Flux by Azure's extension, which cannot be told"
                " that a GitHub App reads"
            )
            hint = (
                "use reader.deployKeys or reader.token in place of reader.app; or give the cluster"
                " install: manifests"
            )
            yield Refusal(cluster.name, "install", message, hint)
        if cluster.azure.kind == "arc" and not (cluster.extension or cluster.context):
            message = (
                f"the cluster {cluster.name!r} gets Argo CD through its API server, and has no"
                " context"
            )
            hint = "name its context of a kubeconfig"
            yield Refusal(cluster.name, "provider", message, hint)
        for environment in cluster.branches if cluster.extension else ():
            name = environment_object(environment)
            if len(name) > _LONGEST:
                message = (
                    f"the Flux configuration {name!r} of the cluster {cluster.name!r} has a name of"
                    f" more than {_LONGEST} letters"
                )
                hint = "give the environment a shorter name"
                yield Refusal(cluster.name, "environments", message, hint)


def azure_warnings(
    clusters: Sequence[FleetCluster], settings: Settings, file: str
) -> Iterator[Problem]:
    """Return what will not work by itself: secrets nobody makes, evidence that nobody gives.

    And what cannot be looked at before it is changed: an adopted cluster without a context.
    """
    read_by = {each.name: each.read_by for each in settings.clusters}
    for cluster in clusters:
        if cluster.azure is None:
            continue
        if cluster.azure.kind == "arc" and not cluster.context:
            message = (
                f"nobody makes the secret 'repo-secret' on the cluster {cluster.name!r}, with which"
                " Flux reads the repositories of applications"
            )
            hint = "name its context of a kubeconfig, or make the secret in flux-system by hand"
            yield Problem("no-secret", message, Position(file), hint, "warning")
        if cluster.azure.id and not (cluster.context or cluster.extension):
            message = (
                f"the cluster {cluster.name!r} is adopted without a context, so nobody looks there"
                f" for {_called(cluster)} of somebody else before it is set up"
            )
            hint = "name its context of a kubeconfig; `az aks get-credentials` writes one"
            yield Problem("not-looked-at", message, Position(file), hint, "warning")
        if not cluster.extension and "azure" in read_by[cluster.name]:
            message = (
                f"Azure does not know what {_called(cluster)} applies on the cluster"
                f" {cluster.name!r}, so its gate never opens"
            )
            hint = "set evidence: [cluster] with its context, or evidence: [reports]"
            yield Problem("no-evidence", message, Position(file), hint, "warning")


def _called(cluster: FleetCluster) -> str:
    return "Argo CD" if cluster.reconciler == "argocd" else "a Flux without the extension"
