"""What is in the way on clusters: objects of somebody else, and namespaces that are being deleted.

An object of ours has a label. Nothing is changed on any cluster as long as one is found without it,
and nothing is taken over. A namespace that never ends would fail each object on its own, halfway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from kalypso.errors import Position, Problem, Problems
from kalypso.observation import Kubeconfig, Server, Unreachable, find_object
from kalypso.stack.cluster_objects import OWNER, OWNER_LABEL, Claim, claims
from kalypso.stack.fleet import Fleet
from kalypso.stack.fleet_cluster import FleetCluster, FleetHub
from kalypso.stack.kubeconfig import kubeconfig_files

_AT_ONCE = 16
_NAMESPACE = re.compile(r"/namespaces/([^/]+)/")


def check_owners(fleet: Fleet, stack: str, environment: Mapping[str, str]) -> None:
    """Check on every cluster that answers that nothing is in our place.

    A cluster that does not answer is not ours to judge: whoever changes it says so.

    Args:
        fleet: The clusters that are set up.
        stack: Name of the stack, for messages.
        environment: Variables of the process: `KUBECONFIG` and `HOME`.

    Raises:
        Problems: Every object that is somebody else's, and every namespace that is being deleted.
        DeliveryError: The library that asks clusters is not installed.
    """
    if not _asked(fleet):
        return  # the library takes long to load
    opened = Kubeconfig(kubeconfig_files(environment)).server
    problems = list(foreign_objects(fleet, stack, opened))
    if problems:
        raise Problems(problems)


def foreign_objects(fleet: Fleet, stack: str, opened: Callable[[str], Server]) -> Iterator[Problem]:
    """Return what is in the way, cluster by cluster, each with its hub.

    Args:
        fleet: The clusters that are set up.
        stack: Name of the stack, for messages.
        opened: Signs in with a context, or raises `Unreachable`.
    """

    def look(place: tuple[FleetCluster, FleetHub | None]) -> list[Problem]:
        cluster, hub = place
        with suppress(Unreachable):
            server = opened(hub.context if hub else cluster.context)
            mine = [claim for claim in claims(cluster) if claim.on_hub == bool(hub)]
            namespaces = dict.fromkeys(
                name for each in mine for name in _NAMESPACE.findall(each.path)
            )
            ending = [name for name in namespaces if _is_ending(server, name)]
            if ending:
                return [_held_up(name, cluster, hub, stack) for name in ending]
            found = ((claim, find_object(server, claim.path)) for claim in mine)
            return [
                _foreign(claim, cluster, hub, stack)
                for claim, it in found
                if it and not _is_own(it)
            ]
        return []

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for problems in pool.map(look, _asked(fleet)):
            yield from problems


def _asked(fleet: Fleet) -> list[tuple[FleetCluster, FleetHub | None]]:
    """Return every cluster that can be asked, each followed by its hub."""
    places: list[tuple[FleetCluster, FleetHub | None]] = []
    for cluster in fleet.clusters:
        if cluster.context:
            places.append((cluster, None))
        if cluster.hub:
            places.append((cluster, cluster.hub))
    return places


def _is_ending(server: Server, namespace: str) -> bool:
    """Return whether a namespace is being deleted: nothing can be made in it, and it stays."""
    found = find_object(server, f"/api/v1/namespaces/{namespace}") or {}
    status = found.get("status")
    return isinstance(status, Mapping) and status.get("phase") == "Terminating"


def _held_up(namespace: str, cluster: FleetCluster, hub: FleetHub | None, stack: str) -> Problem:
    message = f"the namespace {namespace!r} on {_place(cluster, hub)} is being deleted"
    hint = (
        "nothing can be made in it until it is gone; if that never ends, its status says which"
        f" finalizer is left: `kubectl get namespace {namespace} -o yaml`"
    )
    return Problem("namespace-ends", message, Position(f"Pulumi.{stack}.yaml"), hint)


def _place(cluster: FleetCluster, hub: FleetHub | None) -> str:
    place = f"the cluster {cluster.name!r}"
    return f"the hub {hub.context!r} of {place}" if hub else place


def _is_own(found: Mapping[str, object]) -> bool:
    metadata = found.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
    return isinstance(labels, Mapping) and labels.get(OWNER_LABEL) == OWNER


def _foreign(claim: Claim, cluster: FleetCluster, hub: FleetHub | None, stack: str) -> Problem:
    at = Position(f"Pulumi.{stack}.yaml")
    if claim.installs:
        message = f"{claim.installs} is already installed on the cluster {cluster.name!r}"
        hint = "use it with install: none, or uninstall it first"
    else:
        place = _place(cluster, hub)
        message = f"{place} already has a {claim.kind} {claim.name!r} that is not Kalypso's"
        hint = f"remove it, or let Kalypso have it by the label {OWNER_LABEL}={OWNER}"
    return Problem("foreign-object", message, at, hint)
