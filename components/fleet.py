"""The clusters that a platform sets up, each with the reconciler that it runs."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from kalypso.stack import ARGO_CD_NAMESPACE

from .clusters import AksCluster, ExistingCluster, ExistingClusterArgs, WorkflowIdentity
from .control_plane import ControlPlane
from .fleet_in_azure import FleetInAzure, InAzure, declare_flux
from .fleet_inputs import (
    FleetArgs,
    FleetAzureArgs,
    FleetClusterArgs,
    FleetControlPlaneArgs,
    FleetHubArgs,
)
from .reconcilers import (
    AppArgs,
    ArgoCdBootstrap,
    ArgoCdOnHub,
    FluxBootstrap,
    FluxOnHub,
    HubAccount,
    KeyArgs,
    ReaderArgs,
    TargetArgs,
)
from .repositories import DeployKey, DeployKeyArgs

__all__ = ["Fleet", "FleetArgs", "FleetClusterArgs", "FleetHubArgs"]


class Fleet(pulumi.ComponentResource):
    """Clusters, each applying the folder of its cluster type."""

    kubeconfigs: dict[str, pulumi.Output[str]]
    """Kubeconfig of each AKS cluster by the cluster's name; secrets."""

    workflows: dict[str, WorkflowIdentity]
    """As whom the workflows of each environment ask Azure, by the environment's name."""

    def __init__(
        self, name: str, args: FleetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Fleet", name, {}, opts)
        self.kubeconfigs = {}
        self._args = args
        self._azure = FleetInAzure(name, args["azure"], self) if "azure" in args else None
        self.workflows = self._azure.workflows if self._azure else {}
        for control_plane in args.get("control_planes", ()):
            self._declare_control_plane(control_plane)
        for cluster in args["clusters"]:
            self._declare(cluster)
        self.register_outputs({"kubeconfigs": self.kubeconfigs})

    def _declare(self, cluster: FleetClusterArgs) -> None:
        there = self._way(cluster)
        if there is None:
            return
        name, args = cluster["name"], self._args
        read: _Read = {
            "url": args["url"],
            "path": cluster["cluster_type"],
            "branches": cluster["branches"],
            **_chosen(cluster, args),
            **self._key(cluster),
        }
        if "hub" in cluster:
            self._declare_on_hub(cluster, cluster["hub"], read, args, there)
            return
        install: _Install = {"install": cluster["install"]} if "install" in cluster else {}
        if cluster["reconciler"] == "argocd":
            ArgoCdBootstrap(name, {**read, **install, "sources": args["sources"]}, there)
            return
        locked: _Locked = {"lockdown": cluster["lockdown"]} if "lockdown" in cluster else {}
        FluxBootstrap(name, {**read, **install, **locked}, there)

    def _declare_control_plane(self, plane: FleetControlPlaneArgs) -> None:
        """Declare a cluster without workloads, and what it takes to run the program there."""
        name, there = plane["name"], pulumi.ResourceOptions(parent=self)
        if "azure" in plane:
            way = self._in_azure(name, plane["azure"])
            there = pulumi.ResourceOptions(
                parent=way.component, providers=[way.kubernetes] if way.kubernetes else []
            )
        elif "context" in plane:
            existing = ExistingCluster(name, {"context": plane["context"]}, there)
            there = pulumi.ResourceOptions(parent=existing, providers=[existing.provider])
        if "operator" in plane:
            ControlPlane(name, plane["operator"], there)

    def _way(self, cluster: FleetClusterArgs) -> pulumi.ResourceOptions | None:
        """Declare a cluster and the way there; None if Azure alone sets it up."""
        name, after = cluster["name"], list(self._args.get("after", ()))
        argocd = cluster["reconciler"] == "argocd" and "hub" not in cluster
        namespace, context = ARGO_CD_NAMESPACE if argocd else "", cluster.get("context", "")
        if "azure" in cluster:
            way = self._in_azure(name, cluster["azure"], context, namespace)
            if "extension" in cluster:
                declare_flux(cluster, way, self._args, self._key(cluster).get("key"))
                return None
            providers = [way.kubernetes] if way.kubernetes else []
            return pulumi.ResourceOptions(
                parent=way.component, providers=providers, depends_on=after
            )
        reached: ExistingClusterArgs = {"context": context}
        if namespace:
            reached["namespace"] = namespace
        # What is below a component that had another name is found by that name too.
        former = list(cluster.get("formerly", ()))
        if former:
            reached["identity"] = former[0]
        aliases = [pulumi.Alias(name=each) for each in former]
        opts = pulumi.ResourceOptions(parent=self, aliases=aliases)
        existing = ExistingCluster(name, reached, opts)
        return pulumi.ResourceOptions(
            parent=existing, providers=[existing.provider], depends_on=after
        )

    def _in_azure(
        self, name: str, azure: FleetAzureArgs, context: str = "", namespace: str = ""
    ) -> InAzure:
        if self._azure is None:
            raise ValueError(f"the cluster {name!r} is in Azure, and the fleet has no home there")
        way = self._azure.way(name, azure, context=context, namespace=namespace)
        if isinstance(way.component, AksCluster):
            self.kubeconfigs[name] = way.component.kubeconfig
        return way

    def _key(self, cluster: FleetClusterArgs) -> "_Keyed":
        """Declare the deploy key of a cluster, if there are some.

        It does not belong to the cluster: what goes with a cluster stays on the forge.
        """
        if "keys" not in self._args:
            return {}
        keys = self._args["keys"]
        args: DeployKeyArgs = {
            "repository": keys["repository"],
            "title": f"Kalypso: the cluster {cluster['name']} reads",
        }
        if "rotation" in keys:
            args["rotation"] = keys["rotation"]
        if "after" in self._args:
            args["after"] = self._args["after"]
        aliases = [pulumi.Alias(name=each) for each in cluster.get("formerly", ())]
        opts = pulumi.ResourceOptions(parent=self, aliases=aliases)
        made = DeployKey(cluster["name"], args, opts)
        return {
            "key": {
                "address": keys["address"],
                "public_key": made.public_key,
                "private_key": made.private_key,
                "host_keys": keys["host_keys"],
            }
        }

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


class _Locked(TypedDict, total=False):
    lockdown: bool


class _Keyed(TypedDict, total=False):
    key: KeyArgs


class _Chosen(TypedDict, total=False):
    prune: bool
    reader: ReaderArgs
    app: AppArgs


class _Read(_Chosen, _Keyed):
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
    if "app" in args:
        found["app"] = args["app"]
    return found
