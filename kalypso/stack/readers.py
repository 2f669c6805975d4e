"""Which ways of asking the settings of a stack name, and what each needs to know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile

from kalypso.errors import SettingsError
from kalypso.git import History, resolve
from kalypso.observation import (
    AzureReader,
    ClusterReader,
    Kubeconfig,
    ManagementApi,
    OwnCheck,
    StatusReader,
    Way,
    ask_check,
    azure_tokens,
)
from kalypso.promotion import CheckResult, Expected, Reader, read_duration
from kalypso.stack.clusters import Cluster
from kalypso.stack.gates import place_of
from kalypso.stack.kubeconfig import kubeconfig_files, unusable_contexts
from kalypso.stack.promotion_settings import CheckSettings
from kalypso.stack.settings import Settings

_MOST_NEWER = 20
"""Commits after the awaited one whose statuses are looked at."""


def readers_of(settings: Settings, environment: Mapping[str, str]) -> tuple[Reader, ...]:
    """Return the ways of asking that clusters of a stack are configured for.

    Args:
        settings: Of the platform's stack.
        environment: Variables of the process: `KUBECONFIG`, `HOME` and `PATH`.

    Raises:
        DeliveryError: A library that one of them needs is not installed.
        SettingsError: It is not known where in Azure a cluster is.
    """
    ways = {
        cluster.name: _ways(cluster)
        for cluster in settings.clusters
        if cluster.role == "workload" and "cluster" in cluster.read_by
    }
    found: list[Reader] = [_of_clusters(ways, environment)] if ways else []
    in_azure = [c for c in settings.clusters if c.role == "workload" and "azure" in c.read_by]
    for cluster in in_azure:
        if not settings.azure_id(cluster):
            raise SettingsError(
                f"nothing says in which subscription the cluster {cluster.name!r} is",
                hint="set azure.subscription, or ARM_SUBSCRIPTION_ID in the environment",
                code="no-subscription",
            )
    if in_azure:
        found.append(AzureReader(ManagementApi(), azure_tokens()))
    if any("statuses" in each.read_by for each in settings.clusters if each.role == "workload"):
        found += _of_statuses(settings)
    return tuple(found)


def _of_statuses(settings: Settings) -> Iterator[Reader]:
    place = place_of(settings, "gitops")
    statuses = place.statuses(settings.access)
    history = History(place.git_address, settings.access)

    def commits(expected: Expected) -> tuple[str, ...]:
        tip = resolve(place.git_address, expected.branch, settings.access) or expected.commit
        newer = history.first_parents(tip, _MOST_NEWER)
        after = takewhile(lambda each: each != expected.commit, newer)
        return (*after, expected.commit)

    if statuses is not None:
        yield StatusReader(statuses, commits)


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


def checks_of(
    settings: Settings, name: str, environment: Mapping[str, str]
) -> Callable[[Expected], tuple[CheckResult, ...]]:
    """Return what asks the checks of an environment.

    Args:
        settings: Of the platform's stack.
        name: Of the environment.
        environment: Variables of the process: those of commands, and tokens.
    """
    found = settings.promotion.get(name)
    checks = [_check(each, environment) for each in found.checks] if found else []
    return lambda expected: tuple(ask_check(each, expected, environment) for each in checks)


def _check(given: CheckSettings, environment: Mapping[str, str]) -> OwnCheck:
    return OwnCheck(
        name=given.name,
        command=tuple(given.command),
        url=given.url,
        token=environment.get(given.token, "") if given.token else "",
        seconds=read_duration(given.timeout) or 60.0,
    )
