"""The list of clusters: a typed record each, refused by name where this version makes none."""

import json

import pytest

from kalypso.errors import Problems
from kalypso.stack.clusters import Cluster, Hub
from kalypso.stack.stack_file import key_lines, parse_settings

FILE = """\
config:
  kalypso:environment: dev
  kalypso:clusters:
    - name: drone
      reconciler: flux
    - name: edge
      provider: azure
      hub: {context: hub}
"""


def parsed(*clusters: object) -> list[Cluster]:
    return parse_settings({"kalypso:clusters": json.dumps(clusters)}, "dev").clusters


def refusal(*clusters: object) -> list[str]:
    """Return the lines of the refusal of some clusters, whose lines are those of `FILE`."""
    config = {"kalypso:clusters": json.dumps(clusters)}
    with pytest.raises(Problems) as caught:
        parse_settings(config, "dev", key_lines(FILE))
    return [str(problem) for problem in caught.value.problems]


def test_a_name_is_enough() -> None:
    (cluster,) = parsed({"name": "drone"})
    assert (cluster.cluster_type, cluster.role, cluster.provider) == ("drone", "workload", "none")
    assert cluster.environments is None
    assert (cluster.reconciler, cluster.install, cluster.hub) == (None, None, None)


def test_everything_may_be_said() -> None:
    (cluster,) = parsed(
        {
            "name": "edge-7",
            "clusterType": "drone",
            "environments": ["dev", "stage"],
            "role": "control-plane",
            "provider": "none",
            "resourceId": "/subscriptions/0/resourceGroups/rg",
            "context": "edge-7",
            "reconciler": "argocd",
            "install": "manifests",
            "hub": {"context": "hub", "namespace": "argocd"},
        }
    )
    assert cluster.cluster_type == "drone"
    assert cluster.environments == ["dev", "stage"]
    assert cluster.resource_id == "/subscriptions/0/resourceGroups/rg"
    assert cluster.hub == Hub(context="hub", namespace="argocd")


@pytest.mark.parametrize("provider", ["azure", "arc", "existing"])
def test_a_cluster_that_would_be_touched_is_not_in_this_version(provider: str) -> None:
    (told,) = refusal({"name": "drone"}, {"name": "edge", "provider": provider})
    assert told.startswith(
        f"Pulumi.dev.yaml:7:1: error: clusters with provider {provider!r} are not in this version"
    )
    assert "[not-yet]" in told


@pytest.mark.parametrize(
    ("cluster", "key"),
    [
        ({}, "clusters[0].name"),
        ({"name": "../x"}, "clusters[0].name"),
        ({"name": "drone", "provider": "gcp"}, "clusters[0].provider"),
        ({"name": "drone", "role": "worker"}, "clusters[0].role"),
        ({"name": "drone", "reconciler": "fleet"}, "clusters[0].reconciler"),
        ({"name": "drone", "install": "helm"}, "clusters[0].install"),
        ({"name": "drone", "environments": "dev"}, "clusters[0].environments"),
        ({"name": "drone", "environments": ["a/b"]}, "clusters[0].environments[0]"),
        ({"name": "drone", "hub": {"namespace": "argocd"}}, "clusters[0].hub.context"),
        ({"name": "drone", "hub": "hub"}, "clusters[0].hub"),
        ("drone", "clusters"),
    ],
)
def test_a_wrong_value_is_told_by_the_key_that_a_user_types(cluster: object, key: str) -> None:
    (told,) = refusal(cluster)
    assert f"the setting {key!r} is wrong" in told


@pytest.mark.parametrize(
    ("cluster", "key", "near"),
    [
        (
            {"name": "drone", "clustertype": "d"},
            "clusters[0].clustertype",
            "clusters[0].clusterType",
        ),
        (
            {"name": "drone", "hub": {"context": "h", "namespace": "n", "contxt": ""}},
            "clusters[0].hub.contxt",
            "clusters[0].hub.context",
        ),
    ],
)
def test_a_misspelt_key_is_told_with_the_nearest_one(cluster: object, key: str, near: str) -> None:
    (told,) = refusal(cluster)
    assert f"there is no setting {key!r}" in told
    assert f"did you mean {near}?" in told


def test_a_wrong_value_is_told_with_its_own_line_and_a_right_one() -> None:
    (told,) = refusal({"name": "drone", "reconciler": "fleet"})
    assert told.startswith("Pulumi.dev.yaml:5:")
    assert "for example flux" in told


def test_two_clusters_of_one_name_are_refused() -> None:
    (told,) = refusal({"name": "drone"}, {"name": "drone", "clusterType": "large"})
    assert "2 clusters have the name 'drone'" in told
    assert told.startswith("Pulumi.dev.yaml:3:")


def test_lines_of_keys_inside_objects_and_lists_are_found() -> None:
    lines = key_lines(FILE)
    assert lines["clusters"] == 3
    assert lines["clusters[1].provider"] == 7
    assert lines["clusters[1].hub.context"] == 8
