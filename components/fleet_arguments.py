"""From a platform's clusters, compared with its model, to the arguments of `Fleet`."""

import pulumi

from kalypso.errors import Position, SettingsError
from kalypso.stack.fleet import Fleet, FleetCluster
from kalypso.stack.settings import Settings

from .fleet import FleetArgs, FleetClusterArgs


def fleet_args(fleet: Fleet, settings: Settings) -> FleetArgs:
    """Return the arguments for the clusters that a stack sets up.

    Args:
        fleet: The clusters.
        settings: Settings of the stack.
    """
    args: FleetArgs = {
        "clusters": [_cluster(each) for each in fleet.clusters],
        "url": fleet.repository,
        "sources": fleet.sources,
    }
    if settings.reader.token:
        args["reader"] = {
            "username": settings.reader.username,
            "token": pulumi.Output.secret(settings.reader.token),
        }
    return args


def _cluster(cluster: FleetCluster) -> FleetClusterArgs:
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
    return args


def check_kubernetes() -> None:
    """Report before the first resource that the package for clusters is not installed.

    Raises:
        SettingsError: It is not.
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
