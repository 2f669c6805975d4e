"""Checks of the clusters that settings list: names, environments, fields that do not go together.

What depends on the model, such as the cluster types that there are, is checked with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kalypso.errors import Position, Problem
from kalypso.git import is_public_key
from kalypso.stack.azure_checks import azure_contradictions, azure_problems
from kalypso.stack.clusters import Cluster
from kalypso.stack.settings import Settings

KeyProblem = tuple[str, Problem]
"""A key of the settings, and what is wrong with it."""


def cluster_problems(settings: Settings) -> Iterator[KeyProblem]:
    """Return everything that is wrong with the clusters and environments of a stack."""
    yield from _chain(settings)
    yield from _doubles(settings.clusters)
    yield from _renamed(settings.clusters)
    yield from azure_problems(settings)
    for number, cluster in enumerate(settings.clusters):
        key = f"clusters[{number}]"
        found = (
            *_contradictions(cluster),
            *azure_contradictions(cluster),
            *_environments(cluster, settings),
        )
        for field, sentence, hint in found:
            message = f"the cluster {cluster.name!r} {sentence}"
            yield f"{key}.{field}", Problem("setting", message, Position(""), hint)


def _chain(settings: Settings) -> Iterator[KeyProblem]:
    chain = settings.environments
    if chain and settings.environment not in chain:
        message = f"the stack's own environment, {settings.environment!r}, is not in the list"
        hint = "list every environment, in the order in which changes are promoted"
        yield "environments", Problem("setting", message, Position(""), hint)


def _doubles(clusters: list[Cluster]) -> Iterator[KeyProblem]:
    for name, count in Counter(cluster.name for cluster in clusters).items():
        if count > 1:
            message = f"{count} clusters have the name {name!r}"
            yield "clusters", Problem("setting", message, Position(""), "give each its own name")


def _renamed(clusters: list[Cluster]) -> Iterator[KeyProblem]:
    names = {cluster.name for cluster in clusters}
    former = Counter(name for cluster in clusters for name in cluster.formerly)
    for number, cluster in enumerate(clusters):
        key = f"clusters[{number}].formerly"
        if not cluster.formerly:
            continue
        if cluster.provider != "existing":
            message = (
                f"the cluster {cluster.name!r} is not found by another name: that works with"
                " provider: existing"
            )
            hint = "keep its name, or remove formerly, which replaces what was set up"
            yield key, Problem("setting", message, Position(""), hint)
        for name in cluster.formerly:
            if name in names or former[name] > 1:
                message = f"{name!r} is the former name of {cluster.name!r}, and of another cluster"
                hint = "name each cluster once"
                yield key, Problem("setting", message, Position(""), hint)


def _environments(cluster: Cluster, settings: Settings) -> Iterator[tuple[str, str, str]]:
    chain = settings.environments
    if cluster.environments is None:
        if cluster.provider != "none" and cluster.role == "workload" and not chain:
            yield (
                "environments",
                "gets all environments, and nothing says which there are",
                "set environments for the cluster, or the setting environments for all",
            )
        return
    for number, name in enumerate(cluster.environments):
        if chain and name not in chain:
            yield (
                f"environments[{number}]",
                f"is for the environment {name!r}, which the setting environments does not list",
                f"environments: {', '.join(chain)}",
            )


def _contradictions(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    """Return the fields that do not go together: key, sentence about the cluster, way out."""
    provider = cluster.provider
    if provider == "existing":
        if not cluster.context:
            yield "provider", "exists, and has no context", "name its context of a kubeconfig"
        if cluster.resource_id:
            yield "resourceId", "is reached by a context, not by Azure's id", "remove resourceId"
    if cluster.install == "extension" and provider in {"existing", "none"}:
        yield (
            "install",
            f"has the provider {provider!r}: extensions are for clusters of Azure",
            "install: manifests, or none if the reconciler is already there",
        )
    if provider == "none":
        yield from _touched(cluster)
    if cluster.role == "control-plane":
        yield from _without_workloads(cluster)
    yield from _hub(cluster)
    yield from _evidence(cluster)


def _touched(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    if cluster.install == "manifests":
        yield "install", "is never touched (provider: none)", "remove install"
    if cluster.on_destroy == "prune":
        yield "onDestroy", "is never touched (provider: none)", "remove onDestroy"


def _without_workloads(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    for field in ("reconciler", "install", "hub"):
        if getattr(cluster, field) is not None:
            yield field, "is a control plane, which runs no workloads", f"remove {field}"


def _hub(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    if cluster.hub is None or cluster.provider in {"azure", "arc"}:
        return
    if cluster.hub.context == cluster.context:
        yield "hub.context", "is its own hub", "remove hub: the reconciler runs on the cluster"
    elif cluster.hub.context == cluster.name:
        yield (
            "hub.context",
            "has the name of its hub's context, so nobody could tell which of them answers",
            "give the cluster or the context another name",
        )
    elif cluster.install == "manifests":
        yield "install", "has a hub: the reconciler runs there", "remove install, or hub"


def _evidence(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    for number, key in enumerate(cluster.signers):
        if not is_public_key(key):
            yield (
                f"signers[{number}]",
                "has a signer that is not a public key for SSH",
                "write what ssh-keygen writes into the file that ends in .pub",
            )
    if cluster.signers and "reports" not in cluster.read_by:
        yield (
            "signers",
            "has signers, and no report about it is read",
            "add reports to evidence, or remove signers",
        )
    channels = cluster.evidence or ()
    if "azure" in channels and not cluster.resource_id and cluster.provider != "azure":
        yield "evidence", "is read from Azure, and has no resourceId", "add resourceId"
    if "cluster" in channels and not (cluster.context or cluster.hub):
        yield "evidence", "is read by its API, and has no context", "add context"
    if "statuses" in channels and not (cluster.statuses and cluster.reporters):
        yield (
            "evidence",
            "is read by commit statuses, and nothing says which ones and whose",
            "add statuses with their contexts, and reporters with who writes them",
        )
