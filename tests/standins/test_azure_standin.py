"""The stand-in for Azure takes what Microsoft's models take, and refuses the rest."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.standins.azure.arm import Account, Azure, AzureError, Fault
from tests.standins.azure.kinds import KINDS, BadBodyError, Json

CLUSTER = KINDS["azure-native:containerservice:ManagedCluster"]
EXTENSION = KINDS["azure-native:kubernetesconfiguration:Extension"]
FLUX = KINDS["azure-native:kubernetesconfiguration:FluxConfiguration"]
PLACE = {"resourceGroupName": "rg", "resourceName": "drone"}
ON_CLUSTER = {
    "resourceGroupName": "rg",
    "clusterRp": "Microsoft.ContainerService",
    "clusterResourceName": "managedClusters",
    "clusterName": "drone",
}
GROUP = "/subscriptions/s/resourceGroups/rg"


def test_what_is_not_on_top_of_a_body_is_one_of_its_properties() -> None:
    given = {**PLACE, "location": "westus2", "sku": {"name": "Base"}, "dnsPrefix": "drone"}
    assert CLUSTER.body_of(given) == {
        "location": "westus2",
        "sku": {"name": "Base"},
        "properties": {"dnsPrefix": "drone"},
    }


def test_ids_are_those_of_azure() -> None:
    flux = {**ON_CLUSTER, "fluxConfigurationName": "platform-dev"}
    assert FLUX.id_of(flux, "s") == (
        f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/drone"
        "/providers/Microsoft.KubernetesConfiguration/fluxConfigurations/platform-dev"
    )
    with pytest.raises(BadBodyError, match="missing required property 'resourceName'"):
        CLUSTER.id_of({"resourceGroupName": "rg"}, "s")


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        (CLUSTER, {}, '"location" is a required property'),
        (CLUSTER, {"location": 1}, "location: "),
        (CLUSTER, {"location": "x", "dnsprefix": "a"}, "dnsprefix"),
        (CLUSTER, {"location": "x", "provisioningState": "Succeeded"}, "provisioningState"),
        (CLUSTER, {"location": "x", "sku": {"tier": "Cheap"}}, "sku"),
        (
            CLUSTER,
            {"location": "x", "agentPoolProfiles": [{"name": "a", "count": "three"}]},
            "properties",
        ),
        (EXTENSION, {"extensiontype": "microsoft.flux"}, "extensiontype"),
        (FLUX, {"gitRepository": {"uri": "https://x"}}, "properties"),
        (FLUX, {"kustomizations": {"a": {"path": "./x", "prune": "yes"}}}, "properties"),
        (FLUX, {"scope": "Cluster"}, "properties"),
        (FLUX, {"complianceState": "Compliant"}, "properties"),
    ],
)
def test_a_body_that_azure_would_refuse_is_refused(
    kind: Any,
    given: dict[str, object],
    sentence: str,
) -> None:
    with pytest.raises(BadBodyError) as caught:
        kind.body_of(given)
    assert sentence in str(caught.value)


@pytest.fixture
def azure(tmp_path: Path) -> Azure:
    made = Azure(tmp_path)
    made.allow(Account(subscriptions=("s",)))
    made.put(GROUP, {"location": "westus2"})
    return made


def test_nothing_is_made_where_there_is_nothing(azure: Azure) -> None:
    with pytest.raises(AzureError, match="Resource group 'other' could not be found"):
        azure.put("/subscriptions/s/resourceGroups/other/providers/a/b/c", {"location": "x"})
    cluster = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/drone"
    inside = f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/flux"
    with pytest.raises(
        AzureError, match="managedClusters/drone' under resource group 'rg' was not"
    ):
        azure.put(inside, {})


def test_what_is_inside_goes_with_what_is_around_it_whatever_the_case(azure: Azure) -> None:
    azure.keep(f"{GROUP}/providers/a/b/c", {})
    azure.keep(f"{GROUP}2", {})
    azure.delete(GROUP.upper().replace("/SUBSCRIPTIONS/S", "/subscriptions/s"))
    assert list(azure.resources) == [f"{GROUP}2"]


def test_a_fault_happens_as_often_as_it_is_planned(azure: Azure) -> None:
    azure.plan(Fault("GET", "resourceGroups/rg", 500, times=2))
    for _ in range(2):
        with pytest.raises(AzureError, match="Azure is not well"):
            azure.get(GROUP)
    assert azure.get(GROUP) is not None


def test_a_resource_is_seen_whole_while_another_thread_writes_it(azure: Azure) -> None:
    large = {"location": "westus2", "tags": dict.fromkeys(map(str, range(2000)), "x")}
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(lambda: [azure.put(GROUP, large) for _ in range(50)])
        seen = 0
        while not writing.done() or not seen:
            assert list(azure.resources) == [GROUP]
            seen += 1
        writing.result()


class _Slow(Azure):
    """Lets others come in between a look at the quota and the write."""

    def _check_quota(self, location: str, wanted: list[Json]) -> None:
        super()._check_quota(location, wanted)
        time.sleep(0.02)


def test_clusters_that_are_made_at_once_keep_within_the_quota(azure: Azure, tmp_path: Path) -> None:
    pool = {"name": "a", "vmSize": "Standard_D8s_v5", "count": 1}
    body = {"location": "westus2", "properties": {"agentPoolProfiles": [pool]}}
    clusters = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters"
    with ThreadPoolExecutor(4) as at_once:
        asked = [at_once.submit(_Slow(tmp_path).put, f"{clusters}/c{n}", body) for n in range(4)]
    refusals = [error for each in asked if (error := each.exception()) is not None]
    assert len(refusals) == 3
    assert all("Insufficient regional vcpu quota" in str(error) for error in refusals)
    assert len(azure.resources) == 2
