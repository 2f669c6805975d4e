"""Which ways of asking the settings of a stack name, and what each needs to know of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kalypso.observation import ClusterReader, Kubeconfig, Way
from kalypso.promotion import Reader
from kalypso.stack.clusters import Cluster
from kalypso.stack.kubeconfig import kubeconfig_files, unusable_contexts
from kalypso.stack.settings import Settings


def readers_of(settings: Settings, environment: Mapping[str, str]) -> tuple[Reader, ...]:
    """Return the ways of asking that clusters of a stack are configured for.

    Args:
        settings: Of the platform's stack.
        environment: Variables of the process: `KUBECONFIG`, `HOME` and `PATH`.

    Raises:
        DeliveryError: A library that one of them needs is not installed.
    """
    ways = {
        cluster.name: _ways(cluster)
        for cluster in settings.clusters
        if cluster.role == "workload" and "cluster" in cluster.read_by
    }
    return (_of_clusters(ways, environment),) if ways else ()


def _ways(cluster: Cluster) -> tuple[Way, ...]:
    found = []
    if cluster.context:
        found.append(Way(cluster.context))
    if cluster.hub:
        found.append(Way(cluster.hub.context, hub=True, namespace=cluster.hub.namespace))
    return tuple(found)


def _of_clusters(ways: Mapping[str, Sequence[Way]], environment: Mapping[str, str]) -> Reader:
    contexts = {way.context for its in ways.values() for way in its}
    kubeconfig = Kubeconfig(kubeconfig_files(environment))
    return ClusterReader(ways, kubeconfig.server, unusable_contexts(contexts, environment))
