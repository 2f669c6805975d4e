"""The clusters that a platform sets up, each with the reconciler that it runs."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

import pulumi

from kalypso.stack.cluster_objects import ARGO_CD_NAMESPACE

from .clusters.existing import ExistingCluster, ExistingClusterArgs
from .reconcilers.argocd import ArgoCdBootstrap
from .reconcilers.argocd_on_hub import ArgoCdOnHub
from .reconcilers.credentials import ReaderArgs
from .reconcilers.flux import FluxBootstrap
from .reconcilers.flux_on_hub import FluxOnHub
from .reconcilers.hub_account import HubAccount
from .reconcilers.target import TargetArgs


class FleetHubArgs(TypedDict):
    """Where the reconciler of a cluster runs, and how it reaches the cluster."""

    context: str
    """Context of a kubeconfig."""

    namespace: str
    """Namespace of the reconciler's objects."""

    server: str
    """URL of the cluster's API server."""

    authority: NotRequired[str]
    """Certificates that vouch for it, PEM in base64; absent if machines know them."""

    server_name: NotRequired[str]
    """Name that its certificate has; absent if it is that of the URL."""


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

    hub: NotRequired[FleetHubArgs]
    """Where the reconciler runs; absent if it runs on the cluster."""


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
        if argocd and "hub" not in cluster:
            reached["namespace"] = ARGO_CD_NAMESPACE
        way = ExistingCluster(name, reached, inside)
        there = pulumi.ResourceOptions(
            parent=way, providers=[way.provider], depends_on=list(args.get("after", ()))
        )
        read: _Read = {
            "url": args["url"],
            "path": cluster["cluster_type"],
            "branches": cluster["branches"],
            **_chosen(cluster, args),
        }
        if "hub" in cluster:
            self._declare_on_hub(cluster, cluster["hub"], read, args, there)
            return
        install: _Install = {"install": cluster["install"]} if "install" in cluster else {}
        if argocd:
            ArgoCdBootstrap(name, {**read, **install, "sources": args["sources"]}, there)
        else:
            FluxBootstrap(name, {**read, **install}, there)

    @staticmethod
    def _declare_on_hub(
        cluster: FleetClusterArgs,
        hub: FleetHubArgs,
        read: "_Read",
        args: FleetArgs,
        there: pulumi.ResourceOptions,
    ) -> None:
        """Declare an account on the cluster, and what the hub applies to it as that account."""
        name, argocd = cluster["name"], cluster["reconciler"] == "argocd"
        account = HubAccount(name, {"reads_everything": argocd}, there)
        inside = pulumi.ResourceOptions(parent=there.parent)
        reached: ExistingClusterArgs = {"context": hub["context"], "namespace": hub["namespace"]}
        way = ExistingCluster(f"{name}-hub", reached, inside)
        on_hub = pulumi.ResourceOptions(parent=way, providers=[way.provider])
        target: TargetArgs = {
            "name": name,
            "server": hub["server"],
            "token": account.token,
            "rights": account.rights,
        }
        if "authority" in hub:
            target["authority"] = hub["authority"]
        if "server_name" in hub:
            target["server_name"] = hub["server_name"]
        place: _Place = {"namespace": hub["namespace"], "target": target}
        if argocd:
            ArgoCdOnHub(name, {**read, **place, "sources": args["sources"]}, on_hub)
        else:
            FluxOnHub(name, {**read, **place}, on_hub)


class _Place(TypedDict):
    namespace: str
    target: TargetArgs


class _Install(TypedDict, total=False):
    install: str


class _Chosen(TypedDict, total=False):
    prune: bool
    reader: ReaderArgs


class _Read(_Chosen):
    url: str
    path: str
    branches: Mapping[str, str]


def _chosen(cluster: FleetClusterArgs, args: FleetArgs) -> _Chosen:
    """Return what is given only if it was chosen."""
    found: _Chosen = {}
    if "prune" in cluster:
        found["prune"] = cluster["prune"]
    if "reader" in args:
        found["reader"] = args["reader"]
    return found
