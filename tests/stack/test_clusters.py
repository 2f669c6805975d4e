"""The list of clusters and the chain of environments: typed, and checked whole."""

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


def refusal(*clusters: object, **others: object) -> list[str]:
    """Return the lines of the refusal of some clusters, whose lines are those of `FILE`."""
    given = {"clusters": list(clusters), **others}
    config = {f"kalypso:{key}": json.dumps(value) for key, value in given.items() if value}
    with pytest.raises(Problems) as caught:
        parse_settings(config, "dev", key_lines(FILE))
    return [str(problem) for problem in caught.value.problems]


EDGE = {"name": "edge", "provider": "existing", "context": "edge-7", "environments": ["dev"]}
"""A cluster that exists, with everything that it has to say."""


def test_a_name_is_enough() -> None:
    (cluster,) = parsed({"name": "drone"})
    assert (cluster.cluster_type, cluster.role, cluster.provider) == ("drone", "workload", "none")
    assert cluster.environments is None
    assert (cluster.reconciler, cluster.install, cluster.hub) == (None, None, None)
    assert (cluster.evidence, cluster.required, cluster.on_destroy) == (None, True, "keep")


def test_everything_may_be_said() -> None:
    (cluster,) = parsed(
        {
            "name": "edge-7",
            "clusterType": "drone",
            "environments": ["dev", "stage"],
            "role": "workload",
            "provider": "none",
            "resourceId": "/subscriptions/0/resourceGroups/rg",
            "context": "edge-7",
            "reconciler": "argocd",
            "install": "none",
            "hub": {"context": "hub", "namespace": "argocd"},
            "evidence": ["azure", "cluster"],
            "required": False,
            "onDestroy": "keep",
        }
    )
    assert (cluster.evidence, cluster.required) == (["azure", "cluster"], False)
    assert cluster.cluster_type == "drone"
    assert cluster.environments == ["dev", "stage"]
    assert cluster.resource_id == "/subscriptions/0/resourceGroups/rg"
    assert cluster.hub == Hub(context="hub", namespace="argocd")


def test_an_existing_cluster_is_set_up_for_the_environments_that_it_names() -> None:
    (cluster,) = parsed({**EDGE, "onDestroy": "prune"})
    assert (cluster.provider, cluster.context, cluster.on_destroy) == (
        "existing",
        "edge-7",
        "prune",
    )


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
        ({"name": "drone", "environments": []}, "clusters[0].environments"),
        ({"name": "drone", "environments": ["dev", "dev"]}, "clusters[0].environments"),
        ({"name": "drone", "evidence": ["rumours"]}, "clusters[0].evidence[0]"),
        ({"name": "drone", "evidence": []}, "clusters[0].evidence"),
        ({"name": "drone", "evidence": ["reports", "reports"]}, "clusters[0].evidence"),
        ({"name": "drone", "required": "perhaps"}, "clusters[0].required"),
        ({"name": "drone", "onDestroy": "delete"}, "clusters[0].onDestroy"),
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


@pytest.mark.parametrize(
    ("cluster", "key", "sentence"),
    [
        ({"provider": "existing", "context": ""}, "provider", "exists, and has no context"),
        ({**EDGE, "resourceId": "/x"}, "resourceId", "is reached by a context, not by Azure's id"),
        ({**EDGE, "install": "extension"}, "install", "extensions are for clusters of Azure"),
        ({"install": "extension"}, "install", "extensions are for clusters of Azure"),
        ({"install": "manifests"}, "install", "is never touched"),
        ({"onDestroy": "prune"}, "onDestroy", "is never touched"),
        ({"role": "control-plane", "reconciler": "flux"}, "reconciler", "runs no workloads"),
        ({**EDGE, "role": "control-plane", "install": "none"}, "install", "runs no workloads"),
        (
            {**EDGE, "hub": {"context": "edge-7", "namespace": "argocd"}},
            "hub.context",
            "is its own hub",
        ),
        (
            {**EDGE, "install": "manifests", "hub": {"context": "hub", "namespace": "argocd"}},
            "install",
            "has a hub: the reconciler runs there",
        ),
        (
            {**EDGE, "hub": {"context": "edge", "namespace": "argocd"}},
            "hub.context",
            "has the name of its hub's context",
        ),
        ({**EDGE, "evidence": ["azure"]}, "evidence", "is read from Azure, and has no resourceId"),
        ({"evidence": ["cluster"]}, "evidence", "is read by its API, and has no context"),
        (
            {"evidence": ["statuses"], "statuses": ["dev"]},
            "evidence",
            "is read by commit statuses, and nothing says which ones and whose",
        ),
        (
            {"signers": ["ssh-ed25519 AAAA", "ann's key"]},
            "signers[1]",
            "has a signer that is not a public key for SSH",
        ),
        (
            {**EDGE, "signers": ["ssh-ed25519 AAAA"]},
            "signers",
            "has signers, and no report about it is read",
        ),
    ],
)
def test_fields_that_contradict_each_other_are_refused(
    cluster: dict[str, object], key: str, sentence: str
) -> None:
    given = {"name": "drone", "environments": ["dev"], **cluster}
    (told,) = refusal(given)
    assert f"error: the cluster {given['name']!r} " in told
    assert sentence in told
    # The line is that of the key where the file has it, and else that of the cluster.
    line = {"reconciler": 5}.get(key, 4)
    assert told.startswith(f"Pulumi.dev.yaml:{line}:")


def test_the_chain_of_environments_keeps_its_order() -> None:
    config = {"kalypso:environments": '["stage", "dev"]'}
    assert parse_settings(config, "dev").environments == ["stage", "dev"]
    assert parse_settings({}, "dev").environments == []


@pytest.mark.parametrize(
    ("environments", "sentence"),
    [
        (["dev", "dev", "stage"], "'environments' is wrong: listed more than once: 'dev'"),
        (["dev", "a/b"], "'environments' is wrong"),
        ("dev", "'environments' is wrong"),
        (["prod", "stage"], "the stack's own environment, 'dev', is not in the list"),
    ],
)
def test_a_wrong_chain_of_environments_is_refused(environments: object, sentence: str) -> None:
    text = environments if isinstance(environments, str) else json.dumps(environments)
    config = {"kalypso:environments": text}
    with pytest.raises(Problems) as caught:
        parse_settings(config, "dev", {"environments": 9})
    (told,) = map(str, caught.value.problems)
    assert sentence in told
    assert told.startswith("Pulumi.dev.yaml:9:")


def test_a_cluster_of_an_environment_that_is_not_in_the_chain_is_refused() -> None:
    (told,) = refusal(
        {"name": "drone"},
        {"name": "edge", "environments": ["dev", "prod"]},
        environments=["dev", "stage"],
    )
    assert "is for the environment 'prod', which the setting environments does not list" in told
    assert "hint: environments: dev, stage" in told
    assert told.startswith("Pulumi.dev.yaml:6:")


def test_a_cluster_that_is_set_up_for_all_environments_needs_to_know_them() -> None:
    every = {key: value for key, value in EDGE.items() if key != "environments"}
    (told,) = refusal(every)
    assert "gets all environments, and nothing says which there are" in told
    chain = {"kalypso:environments": '["dev", "stage"]', "kalypso:clusters": json.dumps([every])}
    assert parse_settings(chain, "dev").clusters[0].environments is None


def test_every_problem_of_every_cluster_is_reported() -> None:
    told = refusal({**EDGE, "name": "a", "context": ""}, {"name": "b", "install": "manifests"})
    assert [("'a'" in line, "'b'" in line) for line in told] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("install.flux", "http://example.com/install.yaml"),
        ("install.argocd", "https://user:t0ken@example.com/install.yaml"),
        ("reader.username", "a b"),
    ],
)
def test_what_installs_a_reconciler_comes_over_a_safe_way(key: str, text: str) -> None:
    with pytest.raises(Problems) as caught:
        parse_settings({f"kalypso:{key}": text}, "dev")
    (told,) = map(str, caught.value.problems)
    assert f"the setting {key!r} is wrong" in told
    assert "t0ken" not in told


def test_lines_of_keys_inside_objects_and_lists_are_found() -> None:
    lines = key_lines(FILE)
    assert lines["clusters"] == 3
    assert lines["clusters[1].provider"] == 7
    assert lines["clusters[1].hub.context"] == 8


def test_a_cluster_remembers_the_names_that_it_had() -> None:
    (cluster,) = parsed({**EDGE, "formerly": ["drone", "far"]})
    assert cluster.formerly == ["drone", "far"]


@pytest.mark.parametrize(
    ("clusters", "sentence"),
    [
        (
            ({"name": "edge", "formerly": ["drone"]},),
            "the cluster 'edge' is not found by another name: that works with provider: existing",
        ),
        (
            ({**EDGE, "formerly": ["drone"]}, {"name": "drone"}),
            "'drone' is the former name of 'edge', and of another cluster",
        ),
        (
            ({**EDGE, "formerly": ["edge"]},),
            "'edge' is the former name of 'edge', and of another cluster",
        ),
    ],
)
def test_a_former_name_that_finds_nothing_or_two_is_refused(
    clusters: tuple[object, ...], sentence: str
) -> None:
    (line,) = refusal(*clusters)
    assert sentence in line
