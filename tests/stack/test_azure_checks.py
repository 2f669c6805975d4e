"""Clusters of Azure in the settings: what is refused, by name and all together."""

import json

import pytest

from kalypso.errors import Problems
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import key_lines, parse_settings

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/edge-rg/providers"
AKS = f"{GROUP}/Microsoft.ContainerService/managedClusters/edge-7"
ARC = f"{GROUP}/Microsoft.Kubernetes/connectedClusters/edge-7"
WHERE = {"location": "westus2", "resourceGroup": "kalypso-rg", "vmSize": "Standard_B2s"}
FILE = """\
config:
  kalypso:environments: [dev]
  kalypso:azure: {location: westus2}
  kalypso:clusters:
    - name: drone
      provider: azure
      resourceId: ""
"""


def settings(*clusters: object, azure: object = WHERE, **others: object) -> Settings:
    given = {"environments": ["dev"], "clusters": list(clusters), "azure": azure, **others}
    config = {
        f"kalypso:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in given.items()
    }
    return parse_settings(config, "dev", key_lines(FILE))


def refusal(*clusters: object, azure: object = WHERE) -> list[str]:
    with pytest.raises(Problems) as caught:
        settings(*clusters, azure=azure)
    return [str(problem) for problem in caught.value.problems]


def test_the_clusters_of_the_walkthrough_are_accepted_as_its_script_makes_them() -> None:
    given = settings(
        {"name": "control-plane", "role": "control-plane", "provider": "azure"},
        {"name": "drone", "provider": "azure"},
        {"name": "large", "provider": "azure", "reconciler": "argocd", "evidence": ["reports"]},
    )
    assert given.resource_group == "kalypso-rg"
    assert (given.azure.vm_size, given.azure.nodes, given.azure.protect) == (
        "Standard_B2s",
        1,
        False,
    )
    assert [each.read_by for each in given.clusters] == [("azure",), ("azure",), ("reports",)]


def test_the_resource_group_has_the_prefix_unless_it_is_named() -> None:
    given = settings({"name": "drone"}, azure={"location": "westus2"}, prefix="acme")
    assert given.resource_group == "acme-rg"


def test_clusters_that_exist_in_azure_need_no_location() -> None:
    given = settings(
        {"name": "edge", "provider": "azure", "resourceId": AKS},
        {"name": "far", "provider": "arc", "resourceId": ARC},
        azure={},
    )
    assert [given.azure_id(each) for each in given.clusters] == [AKS, ARC]


def test_a_cluster_that_is_made_has_an_id_before_it_exists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ARM_SUBSCRIPTION_ID", raising=False)
    made = {"name": "drone", "provider": "azure"}
    given = settings(made, azure={**WHERE, "subscription": SUBSCRIPTION.upper()})
    expected = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/kalypso-rg"
        "/providers/Microsoft.ContainerService/managedClusters/drone"
    )
    assert given.azure_id(given.clusters[0]) == expected
    unknown = settings(made)
    assert unknown.azure_id(unknown.clusters[0]) == ""
    monkeypatch.setenv("ARM_SUBSCRIPTION_ID", SUBSCRIPTION)
    assert unknown.azure_id(unknown.clusters[0]) == expected


def test_clusters_of_others_have_no_id_in_azure() -> None:
    given = settings(
        {"name": "a", "provider": "existing", "context": "a"},
        {"name": "b", "resourceId": "/subscriptions/0/resourceGroups/rg"},
        azure={"subscription": SUBSCRIPTION},
    )
    assert [given.azure_id(each) for each in given.clusters] == [
        "",
        "/subscriptions/0/resourceGroups/rg",
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"provider": "azure"}, ("azure",)),
        ({"provider": "azure", "install": "none"}, ("azure",)),
        ({"provider": "arc", "resourceId": ARC}, ("azure",)),
        ({"provider": "azure", "install": "manifests"}, ("reports",)),
        ({"provider": "azure", "reconciler": "argocd", "context": "drone"}, ("cluster",)),
        ({"provider": "azure", "reconciler": "argocd", "evidence": ["azure"]}, ("azure",)),
    ],
)
def test_evidence_follows_from_what_azure_can_know(
    fields: dict[str, object], expected: tuple[str, ...]
) -> None:
    (cluster,) = settings({"name": "drone", **fields}).clusters
    assert cluster.read_by == expected


@pytest.mark.parametrize(
    ("cluster", "sentence", "hint"),
    [
        (
            {"provider": "arc"},
            "is connected by Azure Arc, and has no resourceId",
            "az connectedk8s show --query id",
        ),
        (
            {"provider": "azure", "resourceId": ARC},
            "has a resourceId that is not that of an AKS cluster",
            "managedClusters",
        ),
        (
            {"provider": "arc", "resourceId": AKS},
            "has a resourceId that is not that of a cluster that Azure Arc connects",
            "connectedClusters",
        ),
        (
            {"provider": "azure", "resourceId": "edge-7"},
            "has a resourceId that is not that of an AKS cluster",
            "managedClusters",
        ),
        (
            {"provider": "azure", "resourceId": f"{AKS}/agentPools/system"},
            "has a resourceId that is not that of an AKS cluster",
            "managedClusters",
        ),
        (
            {"provider": "azure", "hub": {"context": "hub", "namespace": "argocd"}},
            "has a hub, and clusters of Azure run their own reconciler",
            "provider: existing",
        ),
        (
            {"provider": "azure", "reconciler": "argocd", "install": "extension"},
            "has Argo CD, and the extension of Azure is Flux",
            "reconciler to flux",
        ),
        (
            {"provider": "arc", "resourceId": ARC, "install": "manifests"},
            "is set up through its API server, and has no context",
            "name its context",
        ),
        (
            {"provider": "arc", "resourceId": ARC, "reconciler": "argocd"},
            "is set up through its API server, and has no context",
            "name its context",
        ),
        (
            {"provider": "azure", "onDestroy": "prune"},
            "is made by the stack: its workloads always go with it",
            "remove onDestroy",
        ),
        (
            {"provider": "azure", "role": "control-plane", "reconciler": "flux"},
            "is a control plane, which runs no workloads",
            "remove reconciler",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_with_a_way_out(
    cluster: dict[str, object], sentence: str, hint: str
) -> None:
    (line,) = refusal({"name": "drone", **cluster})
    assert f"the cluster 'drone' {sentence} [setting]" in line
    assert hint in line


@pytest.mark.parametrize("name", ["a.b", "drone-", "drone_", "x" * 63 + "."])
def test_a_name_that_azure_refuses_is_refused_before_it_is_asked(name: str) -> None:
    lines = refusal({"name": name, "provider": "azure"})
    assert any(
        "is made in Azure" in line or "'clusters[0].name' is wrong" in line for line in lines
    )


def test_a_name_that_azure_refuses_may_be_that_of_an_adopted_cluster() -> None:
    assert settings({"name": "a.b", "provider": "azure", "resourceId": AKS}).clusters


def test_without_a_location_nothing_can_be_made() -> None:
    (line,) = refusal({"name": "drone", "provider": "azure"}, azure={})
    assert line.startswith(
        "Pulumi.dev.yaml:3:1: error: the cluster 'drone' is made in Azure, and nothing says where"
    )
    assert "azure.location" in line


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "drone"}, {"name": "Drone"}),
        ({"name": "a", "resourceId": AKS}, {"name": "b", "resourceId": AKS.upper()}),
    ],
)
def test_one_cluster_of_azure_under_two_names_is_refused(
    one: dict[str, object], other: dict[str, object]
) -> None:
    (line,) = refusal({"provider": "azure", **one}, {"provider": "azure", **other})
    assert f"the clusters '{one['name']}' and '{other['name']}' are the same in Azure" in line


@pytest.mark.parametrize(
    ("azure", "key"),
    [
        ({"location": "West US 2"}, "azure.location"),
        ({"resourceGroup": "rg."}, "azure.resourceGroup"),
        ({"resourceGroup": "r" * 91}, "azure.resourceGroup"),
        ({"vmSize": "Standard B2s"}, "azure.vmSize"),
        ({"nodes": 0}, "azure.nodes"),
        ({"subscription": "my subscription"}, "azure.subscription"),
        ({"login": "devicecode"}, "azure.login"),
        ({"protect": "perhaps"}, "azure.protect"),
        ({"tags": {"a/b": "c"}}, "azure.tags"),
        ({"tags": {"t" * 513: "c"}}, "azure.tags"),
    ],
)
def test_a_wrong_setting_of_azure_is_reported_by_its_key(
    azure: dict[str, object], key: str
) -> None:
    (line,) = refusal({"name": "drone"}, azure=azure)
    assert f"the setting '{key}" in line
    assert "is wrong" in line


def test_names_in_azure_may_be_as_long_as_azure_allows() -> None:
    azure = {**WHERE, "resourceGroup": "r" * 90, "tags": {"t" * 512: "c"}}
    assert settings({"name": "drone"}, azure=azure).azure.resource_group == "r" * 90


def test_a_name_that_is_too_long_for_azure_is_refused_with_what_is_allowed() -> None:
    (line,) = refusal({"name": "drone"}, azure={"resourceGroup": "r" * 91})
    assert "is wrong: string should have at most 90 characters" in line


def test_a_misspelt_setting_of_azure_is_reported_with_the_nearest_one() -> None:
    (line,) = refusal({"name": "drone"}, azure={"vmsize": "Standard_B2s"})
    assert "there is no setting 'azure.vmsize'" in line
    assert "did you mean azure.vmSize?" in line


def test_a_control_plane_needs_no_environments() -> None:
    config = {
        "kalypso:azure": json.dumps(WHERE),
        "kalypso:clusters": '[{"name": "cp", "role": "control-plane", "provider": "azure"}]',
    }
    assert parse_settings(config, "dev").clusters


def test_everything_wrong_with_every_cluster_is_reported_at_once() -> None:
    lines = refusal(
        {"name": "a", "provider": "azure", "resourceId": "x"},
        {"name": "b", "provider": "arc"},
        {"name": "c", "provider": "azure", "onDestroy": "prune"},
        azure={},
    )
    assert len(lines) == 4
    shown = "\n".join(lines)
    assert all(f"the cluster {name!r} " in shown for name in "abc")
