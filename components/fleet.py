"""The clusters that a platform sets up, each with the reconciler that it runs."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

import pulumi

from kalypso.stack.cluster_objects import ARGO_CD_NAMESPACE

from .clusters.existing import ExistingCluster, ExistingClusterArgs
from .reconcilers.argocd import ArgoCdBootstrap
from .reconcilers.credentials import ReaderArgs
from .reconcilers.flux import FluxBootstrap


class FleetClusterArgs(TypedDict):
    """A cluster that is set up."""

    name: str
    """Name of the cluster."""

    context: str
    """Context of a kubeconfig."""

    cluster_type: str
    """Folder of the GitOps repository that it applies."""

    reconciler: Literal["flux", "argocd"]
    """What applies the folder."""

    branches: Mapping[str, str]
    """Branch of each environment that the cluster runs, by the environment's name."""

    install: NotRequired[str]
    """Address or file of the manifests that install the reconciler; absent if it is there."""

    prune: NotRequired[bool]
    """Whether its workloads go when it does; they stay by default."""


class FleetArgs(TypedDict):
    """What `Fleet` needs."""

    clusters: Sequence[FleetClusterArgs]
    """Every cluster that is set up."""

    url: str
    """Address of the GitOps repository."""

    sources: Sequence[str]
    """Addresses of the repositories with the manifests of workloads."""

    reader: NotRequired[ReaderArgs]
    """Who reads them; absent if everybody may."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What must be there before a cluster reads it."""


class Fleet(pulumi.ComponentResource):
    """Clusters, each applying the folder of its cluster type."""

    def __init__(
        self, name: str, args: FleetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Fleet", name, {}, opts)
        for cluster in args["clusters"]:
            self._declare(cluster, args)
        self.register_outputs({})

    def _declare(self, cluster: FleetClusterArgs, args: FleetArgs) -> None:
        name, inside = cluster["name"], pulumi.ResourceOptions(parent=self)
        argocd = cluster["reconciler"] == "argocd"
        reached: ExistingClusterArgs = {"context": cluster["context"]}
        if argocd:
            reached["namespace"] = ARGO_CD_NAMESPACE
        way = ExistingCluster(name, reached, inside)
        there = pulumi.ResourceOptions(
            parent=way, providers=[way.provider], depends_on=list(args.get("after", ()))
        )
        if argocd:
            ArgoCdBootstrap(
                name,
                {
                    "url": args["url"],
                    "path": cluster["cluster_type"],
                    "branches": cluster["branches"],
                    "sources": args["sources"],
                    **_chosen(cluster, args),
                },
                there,
            )
        else:
            FluxBootstrap(
                name,
                {
                    "url": args["url"],
                    "path": cluster["cluster_type"],
                    "branches": cluster["branches"],
                    **_chosen(cluster, args),
                },
                there,
            )


class _Chosen(TypedDict, total=False):
    install: str
    prune: bool
    reader: ReaderArgs


def _chosen(cluster: FleetClusterArgs, args: FleetArgs) -> _Chosen:
    """Return what is given only if it was chosen."""
    found: _Chosen = {}
    if "install" in cluster:
        found["install"] = cluster["install"]
    if "prune" in cluster:
        found["prune"] = cluster["prune"]
    if "reader" in args:
        found["reader"] = args["reader"]
    return found
