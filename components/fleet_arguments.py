"""From a platform's clusters, compared with its model, to the arguments of `Fleet`."""

from collections.abc import Mapping
from importlib.util import find_spec

import pulumi

from kalypso.errors import Position, SettingsError
from kalypso.stack.cluster_address import Address
from kalypso.stack.fleet import Fleet
from kalypso.stack.fleet_cluster import ControlPlane, FleetAzure, FleetCluster, FleetHub
from kalypso.stack.reading import DeployKeys
from kalypso.stack.settings import Settings

from .control_plane import ControlPlaneArgs
from .fleet_inputs import (
    FleetArgs,
    FleetAzureArgs,
    FleetAzureHomeArgs,
    FleetClusterArgs,
    FleetControlPlaneArgs,
    FleetHubArgs,
    FleetKeysArgs,
)


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
    if fleet.keys:
        args["keys"] = _keys(fleet.keys)
    if fleet.in_azure:
        args["azure"] = _home(fleet, settings)
        if fleet.federation:
            args["azure"]["federation"] = {
                "issuer": fleet.federation.issuer,
                "subjects": fleet.federation.subjects,
            }
    if fleet.control_planes:
        args["control_planes"] = [_plane(each, settings) for each in fleet.control_planes]
    return args


def _keys(keys: DeployKeys) -> FleetKeysArgs:
    owner, _, name = keys.repository.partition("/")
    args: FleetKeysArgs = {
        "owner": owner,
        "repository": name,
        "address": keys.address,
        "host_keys": keys.host_keys,
    }
    if keys.rotation:
        args["rotation"] = keys.rotation
    return args


def _home(fleet: Fleet, settings: Settings) -> FleetAzureHomeArgs:
    given = settings.azure
    args: FleetAzureHomeArgs = {
        "resource_group": settings.resource_group,
        "makes_group": fleet.makes_clusters and given.create_resource_group,
        "vm_size": given.vm_size,
        "nodes": given.nodes,
        "protect": given.protect,
        "login": given.login,
    }
    if given.subscription:
        args["subscription"] = given.subscription
    if given.location:
        args["location"] = given.location
    if given.tags:
        args["tags"] = given.tags
    return args


def _azure(azure: FleetAzure) -> FleetAzureArgs:
    args: FleetAzureArgs = {"kind": azure.kind}
    if azure.id:
        args["resource_id"] = str(azure.id)
    return args


def _plane(plane: ControlPlane, settings: Settings) -> FleetControlPlaneArgs:
    args: FleetControlPlaneArgs = {"name": plane.name}
    if plane.azure:
        args["azure"] = _azure(plane.azure)
    if plane.context:
        args["context"] = plane.context
    if plane.operates:
        args["operator"] = _operator(settings)
    return args


def _operator(settings: Settings) -> ControlPlaneArgs:
    given = settings.operator
    args: ControlPlaneArgs = {
        "namespace": given.namespace,
        "project": pulumi.get_project(),
        "environments": settings.environments,
        "repository": given.repository,
        "branch": given.branch,
        "backend": given.backend,
        "secret": given.secret,
        "variables": given.variables,
        "image": given.image,
        "seconds": given.seconds,
    }
    if given.folder:
        args["folder"] = given.folder
    if given.git_key:
        args["git_key"] = given.git_key
    if given.secrets_provider:
        args["secrets_provider"] = given.secrets_provider
    if given.kubeconfig:
        args["kubeconfig"] = given.kubeconfig
    if given.install == "manifests":
        args["install"] = settings.install.operator
    return args


def _cluster(cluster: FleetCluster, addresses: Mapping[str, Address]) -> FleetClusterArgs:
    args: FleetClusterArgs = {
        "name": cluster.name,
        "cluster_type": cluster.cluster_type,
        "reconciler": cluster.reconciler,
        "branches": cluster.branches,
        "prune": cluster.prune,
    }
    if cluster.formerly:
        args["formerly"] = cluster.formerly
    if cluster.context:
        args["context"] = cluster.context
    if cluster.azure:
        args["azure"] = _azure(cluster.azure)
    if cluster.extension:
        args["extension"] = cluster.extension
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


def check_packages(fleet: Fleet) -> None:
    """Report before the first resource that a package for clusters is not installed.

    Raises:
        SettingsError: A package is not installed.
    """
    if fleet.clusters or fleet.control_planes:
        _check_package("pulumi_kubernetes", "kubernetes", "objects on clusters are declared")
    if fleet.in_azure:
        _check_package("pulumi_azure_native", "azure", "clusters of Azure are declared")


def _check_package(module: str, extra: str, what: str) -> None:
    """Look for a package without importing it, which takes a second."""
    if find_spec(module) is None:
        raise SettingsError(
            f"{what} with a package that is not installed",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            f"pip install 'kalypso-on-pulumi[{extra}]'",
            code="no-library",
        )
