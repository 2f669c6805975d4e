"""Clusters on hubs: what would collide there, or land on the hub itself, is refused."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from kalypso.model.platform import Evaluation
from kalypso.stack.clusters import Reconciler
from kalypso.stack.fleet_cluster import FleetCluster, FleetHub
from kalypso.stack.hub_checks import hub_problems
from kalypso.stack.schedule import make_schedule
from tests.stack.forge import settings_for

CHILD = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop}}
spec: {{destination: {destination}}}
"""
SHOP = "large/shop/reconciler.yaml"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """The sample's environment dev."""
    return make_schedule(settings_for(tmp_path_factory.mktemp("forge") / "forge")).evaluation


def with_files(evaluation: Evaluation, files: Mapping[str, str]) -> Evaluation:
    return replace(evaluation, files=files)


def on_hub(
    name: str,
    reconciler: Reconciler = "flux",
    *,
    cluster_type: str = "",
    hub: tuple[str, str] | None = ("hub", "edge"),
    branches: tuple[str, ...] = ("dev",),
) -> FleetCluster:
    return FleetCluster(
        name=name,
        context=f"{name}-context",
        cluster_type=cluster_type or name,
        reconciler=reconciler,
        install="",
        branches={each: each for each in branches},
        prune=False,
        hub=FleetHub(context=hub[0], namespace=hub[1]) if hub else None,
    )


def told(evaluation: Evaluation, *clusters: FleetCluster) -> list[str]:
    return [f"{name}: {said}" for name, said, _ in hub_problems(clusters, evaluation)]


def test_clusters_of_one_type_share_a_hub_where_each_has_a_namespace(
    evaluation: Evaluation,
) -> None:
    east = on_hub("east", cluster_type="drone", hub=("hub", "east"))
    west = on_hub("west", cluster_type="drone", hub=("hub", "west"))
    assert told(with_files(evaluation, {}), east, west) == []


@pytest.mark.parametrize("types", [("drone", "drone"), ("drone", "small")])
def test_a_namespace_of_flux_is_for_one_cluster(
    evaluation: Evaluation, types: tuple[str, str]
) -> None:
    east, west = (on_hub(n, cluster_type=t) for n, t in zip(("east", "west"), types, strict=True))
    assert told(with_files(evaluation, {}), east, west) == [
        "west: the clusters 'east' and 'west' share the namespace 'edge' of 'hub'"
    ]


def test_a_cluster_that_is_a_hub_keeps_its_own_namespace(evaluation: Evaluation) -> None:
    hub = replace(on_hub("drone", hub=None), context="hub")
    guest = on_hub("east", hub=("hub", "flux-system"))
    for clusters in ((hub, guest), (guest, hub)):
        assert told(with_files(evaluation, {}), *clusters) == [
            "east: the clusters 'drone' and 'east' share the namespace 'flux-system' of 'hub'"
        ]


def test_clusters_of_several_types_share_one_argo_cd(evaluation: Evaluation) -> None:
    clusters = [on_hub(name, "argocd", hub=("hub", "argocd")) for name in ("large", "small")]
    assert told(with_files(evaluation, {}), *clusters) == []


@pytest.mark.parametrize("hub", [("hub", "argocd"), None])
def test_one_argo_cd_applies_a_folder_to_one_cluster(
    evaluation: Evaluation, hub: tuple[str, str] | None
) -> None:
    first = on_hub("east", "argocd", cluster_type="large", hub=hub)
    if hub is None:
        first = replace(first, context="hub")
    second = on_hub("west", "argocd", cluster_type="large", hub=("hub", "argocd"))
    (problem,) = told(with_files(evaluation, {}), first, second)
    assert problem == (
        "west: the clusters 'east' and 'west' have the cluster type 'large', and one Argo CD"
        " cannot apply a folder to both"
    )


def test_clusters_of_different_environments_read_different_branches(
    evaluation: Evaluation,
) -> None:
    east = on_hub("east", "argocd", cluster_type="large", hub=("hub", "argocd"))
    west = on_hub(
        "west", "argocd", cluster_type="large", hub=("hub", "argocd"), branches=("stage",)
    )
    assert told(with_files(evaluation, {}), east, west) == []


@pytest.mark.parametrize(
    ("destination", "goes"),
    [
        ("{server: https://kubernetes.default.svc}", "'https://kubernetes.default.svc'"),
        ("{name: in-cluster}", "'in-cluster'"),
        ("{name: small}", "'small'"),
        ("{}", "'no cluster'"),
    ],
)
def test_an_application_that_goes_elsewhere_than_to_its_cluster_is_named(
    evaluation: Evaluation, destination: str, goes: str
) -> None:
    files = {SHOP: CHILD.format(destination=destination)}
    (problem,) = told(with_files(evaluation, files), on_hub("large", "argocd"))
    assert problem == (
        f"large: the Application 'shop' of {SHOP} goes to {goes}, and not to the cluster 'large'"
    )


def test_an_application_that_goes_to_its_cluster_is_fine(evaluation: Evaluation) -> None:
    files = {
        SHOP: CHILD.format(destination="{name: large, namespace: shop}"),
        "small/shop/reconciler.yaml": CHILD.format(destination="{name: small}"),
        "large/shop/namespace.yaml": "kind: Namespace\napiVersion: v1\n",
    }
    assert told(with_files(evaluation, files), on_hub("large", "argocd")) == []


@pytest.mark.parametrize(
    ("reconciler", "version", "kind"),
    [
        ("flux", "v1", "ServiceAccount"),
        ("flux", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
        ("flux", "argoproj.io/v1alpha1", "Application"),
        ("argocd", "v1", "Secret"),
        ("argocd", "kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
    ],
)
def test_nothing_but_objects_of_the_reconciler_stays_on_a_hub(
    evaluation: Evaluation, reconciler: Reconciler, version: str, kind: str
) -> None:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: any}}\n"
    (problem,) = told(with_files(evaluation, {SHOP: text}), on_hub("large", reconciler))
    assert problem == f"large: the {kind} 'any' of {SHOP} would be made on the hub of 'large'"


def test_the_samples_template_for_flux_needs_no_change(evaluation: Evaluation) -> None:
    text = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: a}\n---\n"
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n"
    )
    assert told(with_files(evaluation, {SHOP: text}), on_hub("large")) == []


def test_a_name_that_no_label_can_hold_is_refused(evaluation: Evaluation) -> None:
    fits, long = "x" * 47, "x" * 48
    files = with_files(evaluation, {})
    assert told(files, on_hub(fits)) == []
    (problem,) = told(files, on_hub(long))
    assert f"'{long}-reconcilers-dev' on the hub has a name of more than 63 letters" in problem


def test_without_a_hub_nothing_is_asked_of_a_folder(evaluation: Evaluation) -> None:
    assert told(with_files(evaluation, {SHOP: "kind: Secret\n"}), on_hub("large", hub=None)) == []
