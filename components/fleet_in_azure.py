"""The clusters of a fleet that are in Azure, each with the ways to what is declared for it."""

import msgspec
import pulumi

from kalypso.stack import AzureId, read_azure_id

from .clusters import (
    AksCluster,
    AksClusterArgs,
    ArcCluster,
    AzureHome,
    ExistingCluster,
    ExistingClusterArgs,
    MadeAksClusterArgs,
    WorkflowIdentity,
    WorkflowIdentityArgs,
)
from .fleet_inputs import FleetArgs, FleetAzureArgs, FleetAzureHomeArgs, FleetClusterArgs
from .reconcilers import FluxExtension, FluxExtensionArgs, KeyArgs


class InAzure(msgspec.Struct, frozen=True, dict=True):
    """A cluster of Azure, and the ways to it."""

    component: AksCluster | ArcCluster
    """Parent of what is declared for it."""
    group: str
    """Its resource group."""
    name: str
    """Its name in Azure."""
    made: bool
    """Whether this program makes it."""
    azure: pulumi.ProviderResource
    kubernetes: pulumi.ProviderResource | None
    """None if its API server is not reached."""


class FleetInAzure:
    """Declares clusters of Azure as children of a fleet."""

    def __init__(
        self, name: str, args: FleetAzureHomeArgs, fleet: pulumi.ComponentResource
    ) -> None:
        self._args, self._inside = args, pulumi.ResourceOptions(parent=fleet)
        self._home = AzureHome(name, args, self._inside)
        self.workflows = self._workflows(name) if "federation" in args else {}

    def way(
        self, name: str, azure: FleetAzureArgs, *, context: str = "", namespace: str = ""
    ) -> InAzure:
        """Declare a cluster, unless it exists, and the way to it.

        Args:
            name: Of the cluster in the fleet.
            azure: What it is in Azure.
            context: Of a kubeconfig, for a cluster that Azure Arc connects.
            namespace: Of objects that name none.
        """
        known = read_azure_id(azure.get("resource_id", ""))
        provider = self._home.provider(known.subscription if known else "")
        if azure["kind"] == "arc" and known:
            return self._arc(name, known, provider, context, namespace)
        return self._aks(name, known, provider, namespace)

    def _workflows(self, name: str) -> dict[str, WorkflowIdentity]:
        """Declare an identity for the workflows of each environment, by the environment."""
        federation, group = self._args["federation"], self._home.resource_group
        scope: pulumi.Input[str] = (
            f"/subscriptions/{self._args.get('subscription', '')}/resourceGroups/{group}"
        )
        after: list[pulumi.Resource] = []
        if self._home.made:
            scope, after = self._home.made.id, [self._home.made]
        found = {}
        for environment, subjects in federation["subjects"].items():
            identity = f"{name}-{environment.replace('.', '-')}-workflows"
            args: WorkflowIdentityArgs = {
                "identity_name": identity,
                "resource_group": group,
                "scope": scope,
                "issuer": federation["issuer"],
                "subjects": {
                    repository.replace("/", "-").replace(".", "-"): subject
                    for repository, subject in subjects.items()
                },
            }
            if after:
                args["after"] = after
            if "location" in self._args:
                args["location"] = self._args["location"]
            if "tags" in self._args:
                args["tags"] = self._args["tags"]
            inside = pulumi.ResourceOptions(providers=[self._home.provider()])
            opts = pulumi.ResourceOptions.merge(self._inside, inside)
            found[environment] = WorkflowIdentity(identity, args, opts)
        return found

    def _aks(
        self, name: str, known: AzureId | None, provider: pulumi.ProviderResource, namespace: str
    ) -> InAzure:
        group = known.group if known else self._home.resource_group
        args: AksClusterArgs = {
            "resource_group": group,
            "cluster_name": known.name if known else name,
            "login": self._args.get("login", "azurecli"),
        }
        if namespace:
            args["namespace"] = namespace
        if known:
            args["resource_id"] = str(known)
        else:
            args = {**args, **self._size()}
        inside = pulumi.ResourceOptions(providers=[provider])
        made = AksCluster(name, args, pulumi.ResourceOptions.merge(self._inside, inside))
        return InAzure(made, group, args["cluster_name"], not known, provider, made.provider)

    def _size(self) -> MadeAksClusterArgs:
        """Return what makes a cluster, but for its name."""
        given, args = self._args, MadeAksClusterArgs(protect=self._args.get("protect", False))
        if self._home.made:
            args["group"] = self._home.made
        if "location" in given:
            args["location"] = given["location"]
        if "vm_size" in given:
            args["vm_size"] = given["vm_size"]
        if "nodes" in given:
            args["nodes"] = given["nodes"]
        if "tags" in given:
            args["tags"] = given["tags"]
        return args

    def _arc(
        self,
        name: str,
        known: AzureId,
        provider: pulumi.ProviderResource,
        context: str,
        namespace: str,
    ) -> InAzure:
        inside = pulumi.ResourceOptions(providers=[provider])
        found = ArcCluster(
            name,
            {"resource_id": str(known)},
            pulumi.ResourceOptions.merge(self._inside, inside),
        )
        way = None
        if context:
            reached: ExistingClusterArgs = {"context": context}
            if namespace:
                reached["namespace"] = namespace
            on_it = pulumi.ResourceOptions(parent=found)
            way = ExistingCluster(name, reached, on_it).provider
        return InAzure(found, known.group, known.name, made=False, azure=provider, kubernetes=way)


def declare_flux(
    cluster: FleetClusterArgs, way: InAzure, fleet: FleetArgs, key: KeyArgs | None
) -> None:
    """Declare Azure's extension on a cluster, and what it applies.

    Raises:
        ValueError: A GitHub App reads, which the extension cannot be told.
    """
    if "app" in fleet:
        name = cluster["name"]
        raise ValueError(
            f"the cluster {name!r} has Azure's extension, which reads by no GitHub App"
        )
    args: FluxExtensionArgs = {
        "kind": "arc" if isinstance(way.component, ArcCluster) else "aks",
        "resource_group": way.group,
        "cluster_name": way.name,
        "url": fleet["url"],
        "path": cluster["cluster_type"],
        "branches": cluster["branches"],
        "installs": cluster.get("extension") == "install",
        "secret": way.kubernetes is not None,
        "keeps": not way.made and not cluster.get("prune", False),
        "after": [way.component.cluster, *fleet.get("after", ())],
    }
    if "reader" in fleet:
        args["reader"] = fleet["reader"]
    if key:
        args["key"] = key
    providers = [each for each in (way.azure, way.kubernetes) if each]
    opts = pulumi.ResourceOptions(parent=way.component, providers=providers)
    FluxExtension(cluster["name"], args, opts)
