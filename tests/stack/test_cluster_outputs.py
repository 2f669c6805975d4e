"""What the platform's stack says of its clusters: role, way in, and the next step."""

import json

import pytest

from kalypso.errors import SettingsError
from kalypso.stack.cluster_outputs import next_steps, outputs_of_clusters, ways_to_argo_cd
from kalypso.stack.fleet import Fleet
from kalypso.stack.fleet_cluster import FleetAzure, FleetCluster, FleetHub
from kalypso.stack.readers import readers_of
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
HOME = {"location": "westus2", "resourceGroup": "kalypso-rg", "subscription": SUBSCRIPTION}


def settings(*clusters: object, azure: object = HOME, chain: object = ("dev", "stage")) -> Settings:
    given = {"clusters": clusters, "azure": azure, "environments": chain}
    return parse_settings({f"kalypso:{key}": json.dumps(v) for key, v in given.items()}, "dev")


def argo(name: str, **fields: object) -> FleetCluster:
    given = {"context": f"{name}-7", "reconciler": "argocd", **fields}
    return FleetCluster(
        name=name,
        cluster_type="large",
        install="",
        branches={"dev": "dev"},
        prune=False,
        **given,  # type: ignore[arg-type]  # of the same class
    )


def fleet(*clusters: FleetCluster) -> Fleet:
    return Fleet(clusters=clusters, repository="", sources=(), warnings=())


def test_each_cluster_is_described_with_its_role_and_its_id_in_azure() -> None:
    given = settings(
        {"name": "control-plane", "role": "control-plane", "provider": "azure"},
        {"name": "drone", "provider": "azure", "environments": ["dev"]},
        {"name": "hand", "required": False},
    )
    azure = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/kalypso-rg"
        "/providers/Microsoft.ContainerService/managedClusters"
    )
    assert outputs_of_clusters(given) == {
        "control-plane": {
            "role": "control-plane",
            "provider": "azure",
            "resourceId": f"{azure}/control-plane",
        },
        "drone": {
            "role": "workload",
            "provider": "azure",
            "clusterType": "drone",
            "environments": ["dev"],
            "evidence": ["azure"],
            "required": True,
            "resourceId": f"{azure}/drone",
        },
        "hand": {
            "role": "workload",
            "provider": "none",
            "clusterType": "hand",
            "environments": None,
            "evidence": ["reports"],
            "required": False,
        },
    }


def test_argo_cd_is_opened_by_commands_that_work_as_they_are_printed() -> None:
    given = settings({"name": "large", "provider": "existing", "context": "large 7"})
    assert ways_to_argo_cd(fleet(argo("large", context="large 7")), given) == {
        "large": [
            (
                "kubectl --context 'large 7' -n argocd get secret argocd-initial-admin-secret"
                " -o jsonpath='{.data.password}' | base64 -d"
            ),
            "kubectl --context 'large 7' -n argocd port-forward svc/argocd-server 8080:443",
        ]
    }


@pytest.mark.parametrize("azure", [HOME, {**HOME, "subscription": ""}])
def test_a_cluster_of_azure_gives_its_credentials_first(azure: object) -> None:
    given = settings({"name": "large", "provider": "azure"}, azure=azure)
    found = ways_to_argo_cd(fleet(argo("large", context="", azure=FleetAzure(kind="aks"))), given)
    assert found["large"][0] == "az aks get-credentials -g kalypso-rg -n large"
    assert found["large"][2].startswith("kubectl --context large -n argocd port-forward ")


def test_flux_and_an_argo_cd_elsewhere_are_not_opened() -> None:
    hub = FleetHub(context="hub", namespace="argocd")
    found = fleet(argo("a", reconciler="flux"), argo("b", hub=hub))
    assert ways_to_argo_cd(found, settings()) == {}


@pytest.mark.parametrize(
    ("chain", "pull_request", "expected"),
    [
        (
            ["dev", "stage"],
            "kalypso pr show 1",
            [
                ("mergePullRequest", "kalypso pr show 1"),
                ("seeClusters", "kalypso status -e dev"),
                ("thenDeliver", "pulumi up -s stage"),
            ],
        ),
        (["stage", "dev"], "", [("seeClusters", "kalypso status -e dev")]),
        ([], "", [("seeClusters", "kalypso status -e dev")]),
    ],
)
def test_next_steps_are_those_that_are_left_in_the_order_in_which_a_map_is_shown(
    chain: list[str], pull_request: str, expected: list[tuple[str, str]]
) -> None:
    given = settings({"name": "drone"}, azure={}, chain=chain)
    assert sorted(next_steps(given, pull_request).items()) == expected


def test_a_gate_that_cannot_know_the_subscription_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARM_SUBSCRIPTION_ID", raising=False)
    given = settings({"name": "drone", "provider": "azure"}, azure={"location": "westus2"})
    with pytest.raises(
        SettingsError, match="in which subscription the cluster 'drone' is"
    ) as caught:
        readers_of(given, {})
    assert caught.value.problem.code == "no-subscription"
