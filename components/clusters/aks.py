"""A cluster of AKS: made, or adopted by its id.

Owns the cluster if it makes one; of an adopted one it owns nothing, and destroying leaves it. What
is declared inside a cluster that is made goes with it, so nothing in it is deleted one by one.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi

from kalypso.stack import Login, read_aks_kubeconfig

if TYPE_CHECKING:
    from pulumi_azure_native.containerservice import ManagedCluster

_UPGRADED = [
    "agentPoolProfiles[0].count",
    "agentPoolProfiles[0].orchestratorVersion",
    "kubernetesVersion",
]
"""What Azure and the owners of the cluster change; the program never puts it back."""
_MADE = pulumi.CustomTimeouts(create="30m", update="60m", delete="30m")


class MadeAksClusterArgs(TypedDict):
    """What makes a cluster, but for its name; an adopted one needs none of it."""

    location: NotRequired[str]
    """Region; that of the resource group if absent."""

    vm_size: NotRequired[str]
    """Size of the nodes."""

    nodes: NotRequired[int]
    """How many nodes it has; one if absent."""

    tags: NotRequired[Mapping[str, str]]
    """Tags of the cluster."""

    protect: NotRequired[bool]
    """Whether the cluster can be deleted only after it was unprotected."""

    group: NotRequired[pulumi.Resource]
    """Its resource group, if this program makes that, too."""


class AksClusterArgs(MadeAksClusterArgs):
    """What `AksCluster` needs. The provider is that of the cluster's subscription."""

    resource_group: str
    """Name of the cluster's resource group."""

    cluster_name: str
    """Name of the cluster in Azure."""

    resource_id: NotRequired[str]
    """Id of a cluster that exists and is adopted; one is made if it is absent."""

    login: NotRequired[Login]
    """How `kubelogin` signs in to a cluster with Entra ID; by the Azure CLI if absent."""

    namespace: NotRequired[str]
    """Namespace of objects that name none."""


class AksCluster(pulumi.ComponentResource):
    """A cluster of AKS, and a way there for resources that name its provider."""

    cluster: pulumi.Resource
    """The cluster in Azure."""

    resource_id: pulumi.Output[str]
    """Its id in Azure."""

    kubeconfig: pulumi.Output[str]
    """A kubeconfig that asks nobody to sign in; a secret."""

    provider: pulumi.ProviderResource
    """Provider of everything that is declared on the cluster."""

    def __init__(
        self, name: str, args: AksClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        self._gone: list[pulumi.Resource] = []
        inherited = pulumi.ResourceOptions(transformations=[self._goes_with_the_cluster])
        super().__init__(
            "kalypso:index:AksCluster", name, {}, pulumi.ResourceOptions.merge(opts, inherited)
        )
        self._args = args
        cluster = self._adopted(name) if "resource_id" in args else self._made(name)
        self.cluster, self.resource_id = cluster, cluster.id
        self.kubeconfig = self._kubeconfig(cluster)
        self.provider = self._kubernetes(name)
        if "resource_id" not in args:
            self._gone.append(cluster)
        self.register_outputs({"resourceId": self.resource_id, "kubeconfig": self.kubeconfig})

    def _goes_with_the_cluster(
        self, args: pulumi.ResourceTransformationArgs
    ) -> pulumi.ResourceTransformationResult | None:
        """Let what is inside a cluster that is made be deleted with it."""
        if not self._gone or isinstance(args.resource, pulumi.ComponentResource):
            return None
        with_it = pulumi.ResourceOptions(deleted_with=self._gone[0])
        return pulumi.ResourceTransformationResult(
            args.props, pulumi.ResourceOptions.merge(args.opts, with_it)
        )

    def _adopted(self, name: str) -> "ManagedCluster":
        from pulumi_azure_native.containerservice import (
            ManagedCluster,
        )

        inside = pulumi.ResourceOptions(parent=self)
        return ManagedCluster.get(name, self._args["resource_id"], inside)

    def _made(self, name: str) -> "ManagedCluster":
        from pulumi_azure_native.containerservice import (
            ManagedCluster,
        )

        return ManagedCluster(
            name,
            resource_group_name=self._args["resource_group"],
            resource_name_=self._args["cluster_name"],
            location=self._args.get("location"),
            dns_prefix=_dns_prefix(self._args["cluster_name"]),
            identity={"type": "SystemAssigned"},
            sku={"name": "Base", "tier": "Free"},
            agent_pool_profiles=[
                {
                    "name": "system",
                    "mode": "System",
                    "type": "VirtualMachineScaleSets",
                    "os_type": "Linux",
                    "count": self._args.get("nodes", 1),
                    "vm_size": self._args.get("vm_size"),
                }
            ],
            oidc_issuer_profile={"enabled": True},
            security_profile={"workload_identity": {"enabled": True}},
            auto_upgrade_profile={"upgrade_channel": "stable"},
            tags=self._args.get("tags"),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[self._args["group"]] if "group" in self._args else [],
                deleted_with=self._args.get("group"),
                protect=self._args.get("protect", False),
                ignore_changes=_UPGRADED,
                custom_timeouts=_MADE,
            ),
        )

    def _kubeconfig(self, cluster: pulumi.Resource) -> pulumi.Output[str]:
        """Ask for the kubeconfig of whoever runs this, once the cluster is there."""
        from pulumi_azure_native.containerservice import (
            list_managed_cluster_user_credentials_output,
        )

        answer = list_managed_cluster_user_credentials_output(
            format="exec",
            resource_group_name=self._args["resource_group"],
            resource_name=self._args["cluster_name"],
            opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[cluster]),
        )
        login: Login = self._args.get("login", "azurecli")
        encoded = answer.kubeconfigs.apply(lambda found: found[0].value)
        return pulumi.Output.secret(encoded).apply(partial(_readable, login=login))

    def _kubernetes(self, name: str) -> pulumi.ProviderResource:
        import pulumi_kubernetes

        provider: pulumi.ProviderResource = pulumi_kubernetes.Provider(
            name,
            kubeconfig=self.kubeconfig,
            namespace=self._args.get("namespace"),
            # Without it, a kubeconfig with a new certificate would replace every object there.
            cluster_identifier=self.resource_id,
            delete_unreachable=True,
            enable_config_map_mutable=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return provider


def _dns_prefix(name: str) -> str:
    """Return the beginning of the API server's name, which allows less than a cluster's name."""
    return name.replace("_", "-")[:54].rstrip("-")


def _readable(encoded: str, login: Login) -> str:
    return read_aks_kubeconfig(encoded, login)
