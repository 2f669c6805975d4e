"""Clusters on a stand-in Azure, by the real engine: made, used, broken off, taken down."""

import json

import pytest

from tests.engine.azure_bench import (
    DRONE,
    GROUP,
    SUBSCRIPTION,
    InAzure,
    drone_and_stage_are_up,
    drone_is_up,
)
from tests.engine.bench import Bench
from tests.standins.azure.arm import Account, Fault

OF_DRONE = [
    "extensions/flux",
    "fluxConfigurations/platform-dev",
    "fluxConfigurations/platform-stage",
    "managedClusters/drone",
    "resourceGroups/kalypso-rg",
]


def test_the_walkthroughs_clusters_are_made_and_taken_down(bench: Bench) -> None:
    here = InAzure(bench)
    said = here.up()
    assert "Azure makes the clusters 'control-plane', 'drone' and 'large', which takes five" in said
    assert here.there == sorted(
        [*OF_DRONE, "managedClusters/control-plane", "managedClusters/large"]
    )
    assert here.objects == [
        ("drone", "Secret", "repo-secret"),
        ("large", "AppProject", "kalypso"),
        ("large", "Application", "platform-dev"),
        ("large", "Application", "platform-stage"),
        ("large", "CustomResourceDefinition", "applications.argoproj.io"),
        ("large", "Namespace", "argocd"),
        *[each for each in here.objects if each[:2] == ("large", "Secret")],
    ]
    assert [(name, each["role"]) for name, each in here.output("clusters").items()] == [
        ("control-plane", "control-plane"),
        ("drone", "workload"),
        ("large", "workload"),
    ]
    assert here.output("argocd")["large"][0] == "az aks get-credentials -g kalypso-rg -n large"
    assert list(here.output("nextSteps")) == ["mergePullRequest", "seeClusters", "thenDeliver"]
    assert "t0ken-of-drone" not in said
    assert here.output("kubeconfigs") == "[secret]"
    opened = here.output("kubeconfigs", "--show-secrets")
    assert sorted(opened) == ["control-plane", "drone", "large"]
    assert json.loads(opened["drone"])["current-context"] == "drone"
    assert bench.changes("dev").keys() == {"same"}
    here.destroy()
    assert here.there == []
    deleted = [line for line in here.azure.log if line.startswith("DELETE")]
    assert deleted == ["DELETE resourceGroups/kalypso-rg"]


def test_a_run_that_failed_in_the_middle_goes_on_where_it_broke_off(bench: Bench) -> None:
    here = InAzure(bench, [DRONE])
    here.azure.plan(Fault("PUT", "managedClusters/drone", 500, "InternalOperationError", "oops"))
    said = here.fails()
    assert 'Code="InternalOperationError" Message="oops"' in said
    assert here.there == ["resourceGroups/kalypso-rg"]
    here.up()
    assert here.there == OF_DRONE
    assert here.azure.log.count("PUT resourceGroups/kalypso-rg") == 1


def test_a_run_that_failed_in_the_middle_is_taken_down_whole(bench: Bench) -> None:
    here = InAzure(bench, [DRONE])
    here.azure.plan(Fault("PUT", "extensions/flux", 500, "ExtensionOperationFailed", "no nodes"))
    here.fails()
    assert here.there == ["managedClusters/drone", "resourceGroups/kalypso-rg"]
    here.destroy()
    assert here.there == []


def test_an_extension_that_never_gets_ready_is_kept_and_repaired(bench: Bench) -> None:
    here = InAzure(bench, [DRONE])
    message = "timed out waiting for the condition"
    fault = Fault("PUT", "extensions/flux", 200, "ExtensionOperationFailed", message, begun=True)
    here.azure.plan(fault)
    said = here.fails()
    assert message in said
    assert "drone-flux" in said
    assert "fluxConfigurations/platform-dev" not in here.there
    here.up()
    assert here.there == OF_DRONE
    extension = here.azure.resources[
        f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/drone"
        "/providers/Microsoft.KubernetesConfiguration/extensions/flux"
    ]
    assert extension["properties"]["provisioningState"] == "Succeeded"


@pytest.mark.parametrize(
    ("account", "azure", "sentence"),
    [
        (
            Account(subscriptions=(SUBSCRIPTION,), cores=1),
            {},
            (
                "Insufficient regional vcpu quota left for location westus2. left regional vcpu"
                " quota 1, requested quota 2."
            ),
        ),
        (
            Account(subscriptions=(SUBSCRIPTION,), sizes={"westus2": ("Standard_D2s_v5",)}),
            {},
            (
                "The VM size of Standard_B2s is not allowed in your subscription in location"
                " 'westus2'."
            ),
        ),
        (
            Account(subscriptions=("99999999-2222-3333-4444-555555555555",)),
            {},
            f"The subscription '{SUBSCRIPTION}' could not be found.",
        ),
        (
            Account(subscriptions=(SUBSCRIPTION,), signed_in=False),
            {},
            "The access token has expired.",
        ),
        (
            Account(subscriptions=(SUBSCRIPTION,)),
            {"subscription": ""},
            "A Subscription ID must be configured when authenticating",
        ),
        (
            Account(subscriptions=(SUBSCRIPTION,)),
            {"createResourceGroup": False},
            "Resource group 'kalypso-rg' could not be found.",
        ),
    ],
)
def test_what_azure_refuses_arrives_in_azures_words(
    bench: Bench, account: Account, azure: dict[str, object], sentence: str
) -> None:
    here = InAzure(bench, [DRONE], **azure)
    here.azure.allow(account)
    assert sentence in here.fails()
    assert "managedClusters/drone" not in here.there


def test_a_name_that_is_taken_is_not_taken_over(bench: Bench) -> None:
    here = InAzure(bench, [DRONE])
    others = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/drone"
    here.azure.keep(others, {"location": "westus2", "tags": {"owner": "somebody"}})
    assert f"cannot create already existing resource '{others}'" in here.fails()
    assert here.azure.resources[others]["tags"] == {"owner": "somebody"}


def test_a_throttled_call_is_tried_again_and_a_slow_one_waited_for(bench: Bench) -> None:
    here = InAzure(bench, [DRONE])
    here.azure.plan(
        Fault("PUT", "managedClusters/drone", 429, "TooManyRequests", "slower", times=2),
        Fault("PUT", "extensions/flux", slow=2.0),
    )
    here.up()
    assert here.there == OF_DRONE
    assert here.azure.log.count("PUT managedClusters/drone") == 3


def test_an_adopted_cluster_stays_when_the_stack_is_destroyed(bench: Bench) -> None:
    edge = "/".join(
        [GROUP.replace("kalypso-rg", "edge-rg"), "providers/Microsoft.ContainerService"]
    )
    edge = f"{edge}/managedClusters/edge"
    adopted = {"name": "edge", "clusterType": "drone", "provider": "azure", "resourceId": edge}
    here = InAzure(bench, [{**adopted, "onDestroy": "prune"}])
    here.azure.keep(edge.partition("/providers")[0], {"location": "uksouth"})
    here.azure.keep(edge, {"location": "uksouth", "properties": {"dnsPrefix": "edge"}})
    here.up()
    assert "extensions/flux" in here.there
    assert "PUT managedClusters/edge" not in here.azure.log
    here.destroy()
    assert here.there == ["managedClusters/edge", "resourceGroups/edge-rg"]


def test_an_adopted_cluster_that_does_not_exist_is_an_error(bench: Bench) -> None:
    edge = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/edge"
    adopted = {"name": "edge", "clusterType": "drone", "provider": "azure", "resourceId": edge}
    here = InAzure(bench, [adopted])
    said = here.fails()
    assert "edge" in said
    assert "does not exist" in said


def test_a_cluster_that_arc_connects_needs_no_way_in(bench: Bench) -> None:
    far = f"{GROUP}/providers/Microsoft.Kubernetes/connectedClusters/far"
    here = InAzure(
        bench, [{"name": "far", "clusterType": "drone", "provider": "arc", "resourceId": far}]
    )
    here.azure.keep(GROUP, {"location": "westus2"})
    here.azure.keep(far, {"location": "westus2"})
    said = here.up()
    assert "nobody makes the secret 'repo-secret' on the cluster 'far'" in said
    assert "fluxConfigurations/platform-stage" in here.there
    assert not (bench.project.parent / "azure" / "objects").exists()


def test_another_size_of_nodes_is_refused_by_azure_and_nothing_is_replaced(bench: Bench) -> None:
    here = drone_is_up(bench)
    here.set([DRONE], vmSize="Standard_D2s_v5")
    said = here.fails()
    assert "Changing property 'properties.agentPoolProfiles.vmSize' is not allowed." in said
    assert not any(line.startswith("DELETE") for line in here.azure.log)


def test_a_protected_cluster_is_destroyed_only_after_it_was_unprotected(bench: Bench) -> None:
    here = InAzure(bench, [DRONE], protect=True)
    here.up()
    command = ("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
    said = bench.refused(*command)
    assert "protected" in said
    assert "unprotect" in said
    assert here.there == OF_DRONE
    bench.good("pulumi", "state", "unprotect", "--all", "--yes", "-s", "dev")
    here.destroy()
    assert here.there == []


def test_clusters_come_and_go_and_change_their_type_without_touching_others(bench: Bench) -> None:
    here = drone_is_up(bench)
    west = {"name": "west", "clusterType": "drone", "provider": "azure", "environments": ["dev"]}
    here.set([DRONE, west])
    here.up()
    assert "managedClusters/west" in here.there
    before = len(here.azure.log)
    here.set([DRONE])
    here.up()
    assert here.there == OF_DRONE
    assert [line for line in here.azure.log[before:] if line.startswith(("PUT", "DELETE"))] == [
        "DELETE managedClusters/west"
    ]


def test_what_all_share_is_not_destroyed_while_another_stack_is_there(bench: Bench) -> None:
    here = drone_and_stage_are_up(bench)
    command = ("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
    said = bench.refused(*command)
    assert "stage still uses what the stack 'dev' shares" in said
    assert here.there == OF_DRONE
    said = bench.good("kalypso", "teardown", "--yes")
    assert said.index("stage (1 of 2): destroying") < said.index("dev (2 of 2): destroying")
    assert said.rstrip().endswith("nothing is left")
    assert here.there == []


def test_clusters_may_be_taken_out_while_another_stack_is_there(bench: Bench) -> None:
    here = drone_and_stage_are_up(bench)
    here.set([])
    here.up()
    assert here.there == []
    bench.up("stage")  # which has nothing to wait for any more
    bench.good("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
