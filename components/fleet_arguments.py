"""From a platform's clusters, compared with its model, to the arguments of `Fleet`."""

from collections.abc import Mapping

import pulumi

from kalypso.errors import Position, SettingsError
from kalypso.stack.cluster_address import Address
from kalypso.stack.fleet import Fleet
from kalypso.stack.fleet_cluster import FleetCluster, FleetHub
from kalypso.stack.settings import Settings

from .fleet import FleetArgs, FleetClusterArgs, FleetHubArgs


def fleet_args(
    fleet: Fleet, settings: Settings, addresses: Mapping[str, Address] | None = None
) -> FleetArgs:
    """Return the arguments for the clusters that a stack sets up.

    Args:
        fleet: The clusters.
        settings: Settings of the stack.
        addresses: Where each cluster with a hub is, by its context.
    """
    args: FleetArgs = {
        "clusters": [_cluster(each, addresses or {}) for each in fleet.clusters],
        "url": fleet.repository,
        "sources": fleet.sources,
    }
    if settings.reader.token:
        args["reader"] = {
            "username": settings.reader.username,
            "token": pulumi.Output.secret(settings.reader.token),
        }
    return args


def _cluster(cluster: FleetCluster, addresses: Mapping[str, Address]) -> FleetClusterArgs:
    args: FleetClusterArgs = {
        "name": cluster.name,
        "context": cluster.context,
        "cluster_type": cluster.cluster_type,
        "reconciler": cluster.reconciler,
        "branches": cluster.branches,
        "prune": cluster.prune,
    }
    if cluster.install:
        args["install"] = cluster.install
    if cluster.hub:
        args["hub"] = _hub(cluster.hub, addresses[cluster.context])
    return args


def _hub(hub: FleetHub, address: Address) -> FleetHubArgs:
    args: FleetHubArgs = {
        "context": hub.context,
        "namespace": hub.namespace,
        "server": address.server,
    }
    if address.authority:
        args["authority"] = address.authority
    if address.name:
        args["server_name"] = address.name
    return args


def check_kubernetes() -> None:
    """Report before the first resource that the package for clusters is not installed.

    Raises:
        SettingsError: The package is not installed.
    """
    try:
        import pulumi_kubernetes  # noqa: F401, PLC0415 - stacks without clusters need none of it
    except ImportError:
        raise SettingsError(
            "objects on clusters are declared with a package that is not installed",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            "pip install 'kalypso-on-pulumi[kubernetes]'",
            code="no-library",
        ) from None
