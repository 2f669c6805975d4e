"""Checks of Azure: sign-in, subscription, providers, sizes and quota, names, and what exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from kalypso.doctor.finding import Finding, fix, ok, unknown
from kalypso.doctor.surroundings import Surroundings, Unanswered
from kalypso.stack import Cluster, Settings, is_made

_RESOURCES, _COMPUTE = "2021-04-01", "2023-07-01"
_CLUSTER = {"azure": "2025-09-01", "arc": "2024-01-01"}
_FLUX = "Microsoft.KubernetesConfiguration"


def check_azure(settings: Settings, around: Surroundings, *, pre: bool) -> Iterator[Finding]:
    """Check Azure for the clusters that are there or shall be.

    Args:
        settings: Of the platform's stack.
        around: Whom to ask.
        pre: Whether nothing has been made yet, so that names must be free.
    """
    clusters = [each for each in settings.clusters if each.provider in _CLUSTER]
    made = [each for each in clusters if is_made(each)]
    if not clusters:
        return
    try:
        if made:
            yield from _home(settings, around, made, pre=pre)
        for cluster in clusters:
            if not is_made(cluster):
                yield _exists(settings.azure_id(cluster), cluster, around)
    except Unanswered as error:
        yield fix("azure", str(error), "sign in: az login, or the variables ARM_* of a pipeline")
        return
    yield from _kubelogin(around)


def _home(
    settings: Settings, around: Surroundings, made: list[Cluster], *, pre: bool
) -> Iterator[Finding]:
    subscription = settings.subscription
    if not subscription:
        message = "nothing says in which subscription clusters are made"
        yield fix("subscription", message, "set azure.subscription, or ARM_SUBSCRIPTION_ID")
        return
    found = around.azure(f"/subscriptions/{subscription}", _RESOURCES)
    if found is None:
        message = f"there is no subscription {subscription} for who is signed in"
        yield fix("subscription", message, "`az account list -o table` shows those that there are")
        return
    if found.get("state") != "Enabled":
        message = f"the subscription {subscription} is {found.get('state')}"
        yield fix("subscription", message, "enable it, or choose another one")
        return
    yield ok("subscription", f"{found.get('displayName', subscription)} ({subscription})")
    for namespace in _namespaces(made):
        yield _registered(subscription, namespace, around)
    yield from _size(settings, around, made)
    yield from _names(settings, around, made, pre=pre)


def _namespaces(made: list[Cluster]) -> Iterator[str]:
    yield "Microsoft.ContainerService"
    workloads = [each for each in made if each.role == "workload"]
    if any(each.reconciler != "argocd" for each in workloads):
        yield _FLUX


def _registered(subscription: str, namespace: str, around: Surroundings) -> Finding:
    path = f"/subscriptions/{subscription}/providers/{namespace}"
    found = around.azure(path, _RESOURCES) or {}
    state = found.get("registrationState", "unknown")
    if state == "Registered":
        return ok("provider registration", namespace)
    return fix(
        "provider registration",
        f"{namespace} is {str(state).lower()}",
        f"az provider register --namespace {namespace} --subscription {subscription}",
    )


def _size(settings: Settings, around: Surroundings, made: list[Cluster]) -> Iterator[Finding]:
    location, size = settings.azure.location, settings.azure.vm_size
    base = f"/subscriptions/{settings.subscription}/providers/Microsoft.Compute"
    query = urlencode({"$filter": f"location eq '{location}'"})
    answer = around.azure(f"{base}/skus", _COMPUTE, query) or {}
    known = [
        each for each in answer.get("value", ()) if each.get("resourceType") == "virtualMachines"
    ]
    sku = next((each for each in known if str(each.get("name")).lower() == size.lower()), None)
    if sku is None or sku.get("restrictions"):
        message = f"{location} has no machines of the size {size} for this subscription"
        way = f"az vm list-skus -l {location} --resource-type virtualMachines -o table shows sizes"
        yield fix("machine size", message, way)
        return
    yield ok("machine size", f"{size} in {location}")
    yield from _quota(f"{base}/locations/{quote(location)}/usages", sku, settings, around, made)


def _quota(
    path: str, sku: dict[str, Any], settings: Settings, around: Surroundings, made: list[Cluster]
) -> Iterator[Finding]:
    """Compare what clusters need with what is left; those that exist already are not counted."""
    capabilities = {each["name"]: each["value"] for each in sku.get("capabilities", ())}
    cores = int(capabilities.get("vCPUs", 0))
    missing = [
        each for each in made if around.azure(settings.azure_id(each), _CLUSTER["azure"]) is None
    ]
    needed = cores * settings.azure.nodes * len(missing)
    usages = {
        str(each["name"]["value"]).lower(): each
        for each in (around.azure(path, _COMPUTE) or {}).get("value", ())
    }
    for name in ("cores", str(sku.get("family", "")).lower()):
        usage = usages.get(name)
        if usage is None:
            yield unknown("quota", f"Azure does not say the quota of {name}", "look in the portal")
            continue
        left = int(usage["limit"]) - int(usage["currentValue"])
        called = str(usage["name"].get("localizedValue") or name)
        if needed > left:
            message = f"{called}: {left} are left, and {needed} are needed"
            yield fix("quota", message, "ask for more in the portal, or use a smaller azure.vmSize")
        else:
            yield ok("quota", f"{called}: {left} are left, {needed} are needed")


def _names(
    settings: Settings, around: Surroundings, made: list[Cluster], *, pre: bool
) -> Iterator[Finding]:
    """Check that names are free before anything is made; later, say what is there."""
    group = f"/subscriptions/{settings.subscription}/resourceGroups/{settings.resource_group}"
    there = around.azure(group, _RESOURCES) is not None
    creates = settings.azure.create_resource_group
    if not creates and not there:
        message = f"there is no resource group {settings.resource_group!r}"
        yield fix("name", message, "make it, or leave azure.createResourceGroup out")
        return
    if creates and there and pre:
        message = f"there is a resource group {settings.resource_group!r} already"
        yield fix("name", message, "set azure.resourceGroup, or createResourceGroup: false")
    for cluster in made:
        found = there and around.azure(settings.azure_id(cluster), _CLUSTER["azure"]) is not None
        if found and pre:
            message = f"there is a cluster {cluster.name!r} in {settings.resource_group!r} already"
            yield fix("name", message, "give it another name, or adopt it by its resourceId")
        elif not found and not pre:
            message = f"the cluster {cluster.name!r} is not in Azure"
            yield unknown("name", message, "`pulumi up` makes it")
        else:
            yield ok("name", f"{cluster.name}: {'there' if found else 'free'}")


def _exists(resource_id: str, cluster: Cluster, around: Surroundings) -> Finding:
    if around.azure(resource_id, _CLUSTER[cluster.provider]) is None:
        message = f"the cluster {cluster.name!r} is not in Azure, or not for who is signed in"
        return fix("cluster", message, f"look at its resourceId: {resource_id}")
    return ok("cluster", f"{cluster.name} is in Azure")


def _kubelogin(around: Surroundings) -> Iterator[Finding]:
    if around.version("kubelogin") is None:
        message = "kubelogin is not installed, which clusters with Entra ID need"
        yield unknown("tool", message, "az aks install-cli, if one of them has it")
