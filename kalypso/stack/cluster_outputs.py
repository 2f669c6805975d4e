"""What the platform's stack says of its clusters when a run ends."""

from __future__ import annotations

import shlex

from kalypso.stack.azure_id import read_azure_id
from kalypso.stack.cluster_objects import ARGO_CD_NAMESPACE
from kalypso.stack.clusters import Cluster
from kalypso.stack.fleet import Fleet
from kalypso.stack.fleet_cluster import FleetCluster
from kalypso.stack.settings import Settings


def outputs_of_clusters(settings: Settings) -> dict[str, dict[str, object]]:
    """Return each cluster by its name, with its role, and what a gate needs to know of it."""
    return {cluster.name: _described(settings, cluster) for cluster in settings.clusters}


def _described(settings: Settings, cluster: Cluster) -> dict[str, object]:
    found: dict[str, object] = {
        "role": cluster.role,
        "provider": cluster.provider,
    }
    if cluster.role == "workload":
        found |= {
            "clusterType": cluster.cluster_type,
            "environments": list(cluster.environments) if cluster.environments else None,
            "evidence": list(cluster.read_by),
            "required": cluster.required,
        }
    if resource_id := settings.azure_id(cluster):
        found["resourceId"] = resource_id
    return found


def ways_to_argo_cd(fleet: Fleet, settings: Settings) -> dict[str, list[str]]:
    """Return the commands that open each Argo CD which runs on a cluster, by the cluster's name.

    The last one opens a port on this machine: its page is at https://localhost:8080, for the user
    `admin`. The one before prints the password.
    """
    return {
        cluster.name: _opening(cluster, settings)
        for cluster in fleet.clusters
        if cluster.reconciler == "argocd" and cluster.hub is None
    }


def _opening(cluster: FleetCluster, settings: Settings) -> list[str]:
    context, first = cluster.context, []
    if cluster.azure and not context:
        known = read_azure_id(settings.azure_id(_listed(cluster, settings)))
        group = known.group if known else settings.resource_group
        context = known.name if known else cluster.name
        first = [f"az aks get-credentials -g {shlex.quote(group)} -n {shlex.quote(context)}"]
    kubectl = f"kubectl --context {shlex.quote(context)} -n {ARGO_CD_NAMESPACE}"
    return [
        *first,
        (
            f"{kubectl} get secret argocd-initial-admin-secret -o jsonpath='{{.data.password}}'"
            " | base64 -d"
        ),
        f"{kubectl} port-forward svc/argocd-server 8080:443",
    ]


def _listed(cluster: FleetCluster, settings: Settings) -> Cluster:
    return next(each for each in settings.clusters if each.name == cluster.name)


def next_steps(settings: Settings, pull_request: str) -> dict[str, str]:
    """Return what a user does after a run: each step with how to do it.

    The names are those of a map in the stack's outputs, which is shown sorted by them: so they
    sort in the order of the steps.

    Args:
        settings: Of the platform's stack.
        pull_request: How to look at the one that waits for review and to merge it; empty if none
            does.
    """
    chain = settings.environments
    here = chain.index(settings.environment) if settings.environment in chain else len(chain)
    found = {"mergePullRequest": pull_request} if pull_request else {}
    found["seeClusters"] = f"kalypso status -e {settings.environment}"
    if following := chain[here + 1 :]:
        found["thenDeliver"] = f"pulumi up -s {following[0]}"
    return found
