"""A cluster that Azure Arc connects, found by its id. Owns nothing: destroying leaves it."""

from typing import TypedDict

import pulumi


class ArcClusterArgs(TypedDict):
    """What `ArcCluster` needs. The provider is that of the cluster's subscription."""

    resource_id: str
    """Id of the connected cluster."""


class ArcCluster(pulumi.ComponentResource):
    """A connected cluster; Azure sets it up through the agents that run on it."""

    cluster: pulumi.Resource
    """The cluster in Azure."""

    resource_id: pulumi.Output[str]
    """Its id in Azure."""

    def __init__(
        self, name: str, args: ArcClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:ArcCluster", name, {}, opts)
        from pulumi_azure_native.kubernetes import (
            ConnectedCluster,
        )

        inside = pulumi.ResourceOptions(parent=self)
        cluster = ConnectedCluster.get(name, args["resource_id"], inside)
        self.cluster, self.resource_id = cluster, cluster.id
        self.register_outputs({"resourceId": self.resource_id})
