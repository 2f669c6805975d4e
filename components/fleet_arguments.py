"""From a platform's clusters, compared with its model, to the arguments of `Fleet`."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TypeVar, cast

import pulumi

from kalypso.errors import Position, SettingsError
from kalypso.stack import (
    Address,
    ControlPlane,
    DeployKeys,
    Fleet,
    FleetAzure,
    FleetCluster,
    FleetHub,
    Settings,
)

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
from .reconcilers import AppArgs

Args = TypeVar("Args", bound=Mapping[str, object])


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
    if fleet.app:
        args["app"] = _without_empty(
            AppArgs(
                id=fleet.app.app_id,
                installation=fleet.app.installation,
                private_key=pulumi.Output.secret(fleet.app.key),
                interface=fleet.app.interface,
            ),
            "interface",
        )
    if fleet.keys:
        args["keys"] = _keys(fleet.keys)
    if fleet.in_azure:
        args["azure"] = _home(fleet, settings)
    if fleet.control_planes:
        args["control_planes"] = [_plane(each, settings) for each in fleet.control_planes]
    return args


def _keys(keys: DeployKeys) -> FleetKeysArgs:
    owner, _, name = keys.repository.partition("/")
    return _without_empty(
        FleetKeysArgs(
            owner=owner,
            repository=name,
            address=keys.address,
            host_keys=keys.host_keys,
            rotation=keys.rotation,
        ),
        "rotation",
    )


def _home(fleet: Fleet, settings: Settings) -> FleetAzureHomeArgs:
    azure = settings.azure
    args = _without_empty(
        FleetAzureHomeArgs(
            resource_group=settings.resource_group,
            makes_group=fleet.makes_clusters and azure.create_resource_group,
            vm_size=azure.vm_size,
            nodes=azure.nodes,
            protect=azure.protect,
            login=azure.login,
            subscription=azure.subscription,
            location=azure.location,
            tags=azure.tags,
        ),
        "subscription",
        "location",
        "tags",
    )
    if fleet.federation:
        args["federation"] = {
            "issuer": fleet.federation.issuer,
            "subjects": fleet.federation.subjects,
        }
    return args


def _azure(azure: FleetAzure) -> FleetAzureArgs:
    return _without_empty(
        FleetAzureArgs(kind=azure.kind, resource_id=str(azure.id or "")), "resource_id"
    )


def _plane(plane: ControlPlane, settings: Settings) -> FleetControlPlaneArgs:
    args = _without_empty(FleetControlPlaneArgs(name=plane.name, context=plane.context), "context")
    if plane.azure:
        args["azure"] = _azure(plane.azure)
    if plane.operates:
        args["operator"] = _operator(settings)
    return args


def _operator(settings: Settings) -> ControlPlaneArgs:
    operator = settings.operator
    return _without_empty(
        ControlPlaneArgs(
            namespace=operator.namespace,
            project=pulumi.get_project(),
            environments=settings.environments,
            repository=operator.repository,
            branch=operator.branch,
            backend=operator.backend,
            secret=operator.secret,
            variables=operator.variables,
            image=operator.image,
            seconds=operator.seconds,
            folder=operator.folder,
            git_key=operator.git_key,
            secrets_provider=operator.secrets_provider,
            kubeconfig=operator.kubeconfig,
            install=settings.install.operator if operator.install == "manifests" else "",
        ),
        "folder",
        "git_key",
        "secrets_provider",
        "kubeconfig",
        "install",
    )


def _cluster(cluster: FleetCluster, addresses: Mapping[str, Address]) -> FleetClusterArgs:
    args = _without_empty(
        FleetClusterArgs(
            name=cluster.name,
            cluster_type=cluster.cluster_type,
            reconciler=cluster.reconciler,
            branches=cluster.branches,
            prune=cluster.prune,
            formerly=cluster.formerly,
            context=cluster.context,
            install=cluster.install,
            lockdown=cluster.lockdown,
        ),
        "formerly",
        "context",
        "install",
        "lockdown",
    )
    if cluster.azure:
        args["azure"] = _azure(cluster.azure)
    if cluster.extension:
        args["extension"] = cluster.extension
    if cluster.hub:
        args["hub"] = _hub(cluster.hub, addresses[cluster.context])
    return args


def _hub(hub: FleetHub, address: Address) -> FleetHubArgs:
    return _without_empty(
        FleetHubArgs(
            context=hub.context,
            namespace=hub.namespace,
            server=address.server,
            authority=address.authority,
            server_name=address.name,
        ),
        "authority",
        "server_name",
    )


def _without_empty(args: Args, *names: str) -> Args:
    """Return arguments without those of the given names that are empty, which mean absent ones."""
    kept = {name: each for name, each in args.items() if each or name not in names}
    return cast(Args, kept)


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
