"""Checks of the clusters of Azure that settings list: made, adopted, or connected by Arc."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalypso.errors import Position, Problem
from kalypso.stack.azure_id import read_azure_id
from kalypso.stack.clusters import Cluster
from kalypso.stack.settings import Settings

_KeyProblem = tuple[str, Problem]
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")
"""What AKS allows for the name of a cluster."""
_OF = {"azure": ("aks", "an AKS cluster"), "arc": ("arc", "a cluster that Azure Arc connects")}
_EXAMPLES = {
    "azure": "/subscriptions/.../providers/Microsoft.ContainerService/managedClusters/NAME",
    "arc": "/subscriptions/.../providers/Microsoft.Kubernetes/connectedClusters/NAME",
}


def azure_problems(settings: Settings) -> Iterator[_KeyProblem]:
    """Return what is wrong with the clusters of Azure taken together."""
    made = [each for each in settings.clusters if is_made(each)]
    if made and not settings.azure.location:
        message = f"the cluster {made[0].name!r} is made in Azure, and nothing says where"
        hint = "set azure.location, for example westus2, or adopt a cluster with resourceId"
        yield "azure.location", Problem("setting", message, Position(""), hint)
    first: dict[str, Cluster] = {}
    for number, cluster in enumerate(settings.clusters):
        if cluster.provider not in _OF:
            continue
        known = read_azure_id(cluster.resource_id)
        same = str(known).lower() if known else f"made as {cluster.name.lower()}"
        other = first.setdefault(same, cluster)
        if other is not cluster and other.name != cluster.name:
            message = f"the clusters {other.name!r} and {cluster.name!r} are the same in Azure"
            hint = "upper and lower case do not matter there; list each cluster once"
            key = f"clusters[{number}].{'resourceId' if known else 'name'}"
            yield key, Problem("setting", message, Position(""), hint)


def is_made(cluster: Cluster) -> bool:
    """Return whether the platform's stack makes a cluster, and does not just set it up."""
    return cluster.provider == "azure" and not cluster.resource_id


def azure_contradictions(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    """Return the fields of one that do not go together: key, sentence about it, way out."""
    if cluster.provider not in _OF:
        return
    yield from _identity(cluster)
    if cluster.hub is not None:
        hint = "give it provider: existing and its context, or remove hub"
        yield "hub", "has a hub, and clusters of Azure run their own reconciler", hint
    if cluster.reconciler == "argocd" and cluster.install == "extension":
        hint = "remove install, or set reconciler to flux"
        yield "install", "has Argo CD, and the extension of Azure is Flux", hint
    if cluster.provider == "arc" and not cluster.context:
        what = "manifests" if cluster.install == "manifests" else cluster.reconciler
        if what in {"manifests", "argocd"}:
            sentence = "is set up through its API server, and has no context"
            yield "provider", sentence, "name its context of a kubeconfig, or leave it to Flux"
    if is_made(cluster) and cluster.on_destroy == "prune":
        sentence = "is made by the stack: its workloads always go with it"
        yield "onDestroy", sentence, "remove onDestroy"


def _identity(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    kind, called = _OF[cluster.provider]
    if cluster.resource_id:
        found = read_azure_id(cluster.resource_id)
        if found is None or found.kind != kind:
            sentence = f"has a resourceId that is not that of {called}"
            yield "resourceId", sentence, f"it looks like {_EXAMPLES[cluster.provider]}"
    elif cluster.provider == "arc":
        hint = "`az connectedk8s show --query id` prints it"
        yield "provider", "is connected by Azure Arc, and has no resourceId", hint
    elif not _NAME.fullmatch(cluster.name):
        hint = "use letters, digits, hyphens and underscores, and end with a letter or a digit"
        yield "name", "is made in Azure, where it cannot have this name", hint
