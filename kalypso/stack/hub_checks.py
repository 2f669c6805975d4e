"""What would go wrong on a hub: clusters in each other's way, and manifests for the wrong place.

A hub applies a folder in two parts. Namespaces and configuration go to the cluster; what the
template of type `reconciler` writes stays on the hub, because that is where Flux or Argo CD reads
it. Several clusters may read one folder, so a hub has to keep them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from kalypso.loading import read_documents
from kalypso.model import MAX_LABEL, Evaluation
from kalypso.stack.fleet_cluster import FleetCluster
from kalypso.stack.hub_objects import reconcilers_object
from kalypso.stack.written_reconciler import ARGO_CD_GROUP, FLUX_GROUPS

HubProblem = tuple[str, str, str]
"""Name of a cluster, what is wrong with its hub, and what to do."""
_FLUX_NAMESPACE = "flux-system"


def hub_problems(clusters: Sequence[FleetCluster], evaluation: Evaluation) -> Iterator[HubProblem]:
    """Return what would go wrong on the hubs of clusters."""
    yield from _neighbours(clusters)
    for cluster in clusters:
        if cluster.hub:
            yield from _too_long(cluster)
            for path, object_ in _on_hub(evaluation, cluster.cluster_type):
                yield from _misplaced(cluster, path, object_)


def _neighbours(clusters: Sequence[FleetCluster]) -> Iterator[HubProblem]:
    """Return the clusters whose objects would have the same names in the same place."""
    places: dict[tuple[str, str, str], list[FleetCluster]] = defaultdict(list)
    for cluster in clusters:
        own = "argocd" if cluster.reconciler == "argocd" else _FLUX_NAMESPACE
        context = cluster.hub.context if cluster.hub else cluster.place
        namespace = cluster.hub.namespace if cluster.hub else own
        places[context, namespace, cluster.reconciler].append(cluster)
    for (context, namespace, reconciler), its in places.items():
        for one, other in combinations(its, 2):
            if not (one.hub or other.hub):
                continue  # the same cluster under two names, which is nothing of a hub
            later = other if other.hub else one
            earlier = one if later is other else other
            where = f"the namespace {namespace!r} of {context!r}"
            if reconciler == "flux":
                message = f"the clusters {earlier.name!r} and {later.name!r} share {where}"
                hint = "give each a namespace of its own there: set hub.namespace"
                yield later.name, message, hint
            elif one.cluster_type == other.cluster_type and one.branches.keys() & other.branches:
                message = (
                    f"the clusters {earlier.name!r} and {later.name!r} have the cluster type"
                    f" {one.cluster_type!r}, and one Argo CD cannot apply a folder to both"
                )
                hint = "give one of them a cluster type of its own, or another hub"
                yield later.name, message, hint


def _too_long(cluster: FleetCluster) -> Iterator[HubProblem]:
    for environment in cluster.branches:
        name = reconcilers_object(cluster.name, environment)
        if len(name) > MAX_LABEL:  # Flux and Argo CD write names into labels
            message = f"the object {name!r} on the hub has a name of more than {MAX_LABEL} letters"
            yield cluster.name, message, "give the cluster or the environment a shorter name"


def _on_hub(evaluation: Evaluation, cluster_type: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the objects of a folder that stay on the hub, each with its file."""
    for path, text in evaluation.files.items():
        if path.startswith(f"{cluster_type}/") and path.endswith("/reconciler.yaml"):
            for document in read_documents(path, text.encode()):
                if isinstance(document.value, dict):
                    yield path, document.value


def _misplaced(
    cluster: FleetCluster, path: str, object_: Mapping[str, Any]
) -> Iterator[HubProblem]:
    """Return why an object of the folder may not be applied on the hub."""
    kind, group = object_.get("kind"), str(object_.get("apiVersion", "")).partition("/")[0]
    name = (object_.get("metadata") or {}).get("name")
    known = group.endswith(FLUX_GROUPS) if cluster.reconciler == "flux" else group == ARGO_CD_GROUP
    if not known:
        message = f"the {kind} {name!r} of {path} would be made on the hub of {cluster.name!r}"
        yield cluster.name, message, "write it in a template of type namespace or config"
    elif kind == "Application":
        wanted = (object_.get("spec") or {}).get("destination") or {}
        if wanted.get("name") != cluster.name:
            goes = wanted.get("name") or wanted.get("server") or "no cluster"
            message = (
                f"the Application {name!r} of {path} goes to {goes!r}, and not to the cluster"
                f" {cluster.name!r}"
            )
            hint = f"let the template write `destination.name: {cluster.name}`"
            yield cluster.name, message, hint
