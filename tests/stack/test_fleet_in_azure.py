"""Clusters of Azure compared with the model: what is made, and who applies manifests."""

import json

import pytest

from kalypso.errors import Problems
from kalypso.model.platform import Evaluation
from kalypso.stack.azure_id import AzureId
from kalypso.stack.cluster_objects import Claim, claims
from kalypso.stack.fleet import Fleet, make_fleet
from kalypso.stack.fleet_cluster import ControlPlane, FleetAzure
from kalypso.stack.schedule import make_schedule
from kalypso.stack.stack_file import parse_settings
from tests.stack.forge import settings_for

ARGOCD = "https://raw.githubusercontent.com/argoproj/argo-cd/v3.2.11/manifests/install.yaml"
FLUX = "https://github.com/fluxcd/flux2/releases/download/v2.9.5/install.yaml"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/edge-rg/providers"
AKS = f"{GROUP}/Microsoft.ContainerService/managedClusters/edge-7"
ARC = f"{GROUP}/Microsoft.Kubernetes/connectedClusters/edge-7"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """The sample's environment dev, with Flux on drone and Argo CD on large."""
    return make_schedule(settings_for(tmp_path_factory.mktemp("forge") / "forge")).evaluation


def fleet(evaluation: Evaluation, *clusters: object, chain: tuple[str, ...] = ("dev",)) -> Fleet:
    config = {
        "kalypso:environments": json.dumps(chain),
        "kalypso:azure": '{"location": "westus2"}',
        "kalypso:clusters": json.dumps(clusters),
    }
    return make_fleet(parse_settings(config, "dev"), evaluation, "dev", "dev", {})


DRONE = {"name": "drone", "provider": "azure"}
LARGE = {"name": "large", "provider": "azure", "evidence": ["reports"]}
FAR = {"name": "far", "clusterType": "drone", "provider": "arc", "resourceId": ARC}


def test_the_template_of_the_cluster_type_decides_who_applies_manifests(
    evaluation: Evaluation,
) -> None:
    found = fleet(evaluation, DRONE, LARGE)
    assert [(c.name, c.reconciler, c.extension, c.install) for c in found.clusters] == [
        ("drone", "flux", "install", ""),
        ("large", "argocd", "", ARGOCD),
    ]
    assert [c.azure for c in found.clusters] == [FleetAzure(kind="aks"), FleetAzure(kind="aks")]
    assert (found.contexts, found.in_azure, found.makes_clusters) == ([], True, True)
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("install", "extension", "manifests"),
    [("extension", "install", ""), ("none", "use", ""), ("manifests", "", FLUX)],
)
def test_flux_comes_to_a_cluster_of_azure_as_the_settings_say(
    evaluation: Evaluation, install: str, extension: str, manifests: str
) -> None:
    found = fleet(evaluation, {**DRONE, "install": install})
    assert (found.clusters[0].extension, found.clusters[0].install) == (extension, manifests)


def test_clusters_that_exist_are_known_by_their_ids_and_nothing_is_made(
    evaluation: Evaluation,
) -> None:
    edge = {"name": "edge", "clusterType": "drone", "provider": "azure", "resourceId": AKS}
    found = fleet(evaluation, edge, FAR)
    assert [c.azure for c in found.clusters] == [
        FleetAzure(kind="aks", id=AzureId(SUBSCRIPTION, "edge-rg", "aks", "edge-7")),
        FleetAzure(kind="arc", id=AzureId(SUBSCRIPTION, "edge-rg", "arc", "edge-7")),
    ]
    assert (found.in_azure, found.makes_clusters) == (True, False)


def test_a_control_plane_is_made_and_gets_no_reconciler(evaluation: Evaluation) -> None:
    given = {"name": "hub", "role": "control-plane", "provider": "azure"}
    found = fleet(evaluation, given)
    assert found.clusters == ()
    assert found.control_planes == (ControlPlane(name="hub", azure=FleetAzure(kind="aks")),)
    assert (found.in_azure, found.makes_clusters) == (True, True)


def test_clusters_of_nobody_in_azure_ask_nothing_of_it(evaluation: Evaluation) -> None:
    existing = {"name": "drone", "provider": "existing", "context": "edge-7"}
    found = fleet(evaluation, existing, {"name": "large"})
    assert (found.in_azure, found.makes_clusters, found.contexts) == (False, False, ["edge-7"])


def test_the_context_of_a_cluster_that_is_made_is_not_looked_for(evaluation: Evaluation) -> None:
    adopted = {"name": "edge", "clusterType": "drone", "provider": "azure", "resourceId": AKS}
    found = fleet(evaluation, {**DRONE, "context": "drone"}, {**adopted, "context": "edge"})
    assert found.contexts == ["edge"]


def test_argo_cd_on_a_cluster_that_arc_connects_needs_a_context(evaluation: Evaluation) -> None:
    with pytest.raises(Problems) as caught:
        fleet(evaluation, {**FAR, "clusterType": "large", "evidence": ["reports"]})
    (problem,) = caught.value.problems
    assert problem.message == (
        "the cluster 'far' gets Argo CD through its API server, and has no context"
    )


@pytest.mark.parametrize(
    ("environment", "refused"), [("a" * 21, False), ("a" * 22, True), ("A" * 22, True)]
)
def test_a_flux_configuration_with_too_long_a_name_is_refused(
    evaluation: Evaluation, environment: str, *, refused: bool
) -> None:
    if refused:
        with pytest.raises(Problems, match="has a name of more than 30 letters"):
            fleet(evaluation, DRONE, chain=("dev", environment))
    else:
        assert fleet(evaluation, DRONE, chain=("dev", environment)).clusters


def test_a_secret_that_nobody_makes_is_a_warning(evaluation: Evaluation) -> None:
    codes = [each.code for each in fleet(evaluation, FAR, LARGE).warnings]
    assert codes == ["no-secret"]
    assert fleet(evaluation, {**FAR, "context": "far"}, LARGE).warnings == ()


def test_an_adopted_cluster_that_nobody_looks_at_first_is_a_warning(
    evaluation: Evaluation,
) -> None:
    edge = {**LARGE, "name": "edge-7", "clusterType": "large", "resourceId": AKS}
    (found,) = fleet(evaluation, edge).warnings
    assert (found.code, found.severity) == ("not-looked-at", "warning")
    assert found.message == (
        "the cluster 'edge-7' is adopted without a context, so nobody looks there for Argo CD of"
        " somebody else before it is set up"
    )
    assert fleet(evaluation, {**edge, "context": "edge"}).warnings == ()


def test_a_cluster_that_is_made_or_that_azure_sets_up_needs_no_look(
    evaluation: Evaluation,
) -> None:
    adopted = {**DRONE, "name": "edge-7", "clusterType": "drone", "resourceId": AKS}
    assert fleet(evaluation, LARGE, adopted).warnings == ()


@pytest.mark.parametrize(
    ("cluster", "called"),
    [
        ({"name": "large", "provider": "azure"}, "Argo CD"),
        (
            {**DRONE, "install": "manifests", "evidence": ["azure"]},
            "a Flux without the extension",
        ),
    ],
)
def test_a_gate_that_would_wait_for_ever_for_azure_is_a_warning(
    evaluation: Evaluation, cluster: dict[str, object], called: str
) -> None:
    found = [each for each in fleet(evaluation, cluster).warnings if each.code == "no-evidence"]
    expected = (
        f"Azure does not know what {called} applies on the cluster {cluster['name']!r}, so its"
        " gate never opens"
    )
    assert [each.message for each in found] == [expected]
    assert (found[0].at.file, found[0].severity) == ("Pulumi.dev.yaml", "warning")


def test_of_what_the_extension_applies_only_the_secret_is_on_the_cluster(
    evaluation: Evaluation,
) -> None:
    (cluster,) = fleet(evaluation, {**FAR, "context": "far"}).clusters
    assert list(claims(cluster)) == [
        Claim("Secret", "repo-secret", "/api/v1/namespaces/flux-system/secrets/repo-secret")
    ]


def test_two_clusters_of_azure_are_never_in_each_others_way(evaluation: Evaluation) -> None:
    west = {"name": "west", "clusterType": "large", "provider": "azure", "evidence": ["reports"]}
    assert len(fleet(evaluation, LARGE, west).clusters) == 2
