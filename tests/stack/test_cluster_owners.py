"""Objects of somebody else in the platform's place: each is named, and none is taken over."""

import json
from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from kalypso.observation import Reply, Unreachable
from kalypso.stack.cluster_owners import check_owners, foreign_objects
from kalypso.stack.fleet import Fleet
from kalypso.stack.fleet_cluster import FleetCluster, FleetHub

FLUX = "/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories"
ARGO = "/apis/argoproj.io/v1alpha1/namespaces/argocd"
SECRET = "/api/v1/namespaces/flux-system/secrets/repo-secret"  # noqa: S105 - a path
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
OURS = {"app.kubernetes.io/managed-by": "kalypso"}


class Played:
    """An API server with some objects; everything else does not exist."""

    def __init__(self, labels: Mapping[str, Mapping[str, str] | None], status: int = 404) -> None:
        self.labels, self.status, self.asked = labels, status, list[str]()
        self.ending: set[str] = set()
        """Namespaces that are being deleted, by their paths."""

    def get(self, path: str, query: Mapping[str, str], seconds: float) -> Reply:
        assert not query
        assert seconds > 0
        self.asked.append(path)
        if path in self.ending:
            return Reply(200, {}, b'{"metadata": {}, "status": {"phase": "Terminating"}}')
        if path not in self.labels:
            return Reply(self.status, {}, b'{"kind": "Status"}')
        metadata = {"name": "any", "labels": self.labels[path]}
        return Reply(200, {}, json.dumps({"metadata": metadata}).encode())


def cluster(name: str, reconciler: str, install: str = "") -> FleetCluster:
    return FleetCluster(
        name=name,
        context=name,
        cluster_type=name,
        reconciler="flux" if reconciler == "flux" else "argocd",
        install=install,
        branches={"dev": "dev", "pre_prod": "pre"},
        prune=False,
    )


def found(server: Played, *clusters: FleetCluster) -> list[str]:
    """Return what is said of clusters that all have the same objects."""
    fleet = Fleet(clusters=clusters, repository="", sources=(), warnings=())
    return [str(problem) for problem in foreign_objects(fleet, "dev", lambda _: server)]


def test_an_empty_cluster_has_nothing_of_anybody() -> None:
    assert found(Played({}), cluster("edge", "flux", "flux.yaml")) == []


@pytest.mark.parametrize(
    ("reconciler", "path", "kind", "name"),
    [
        ("flux", SECRET, "Secret", "repo-secret"),
        ("flux", f"{FLUX}/platform-dev", "GitRepository", "platform-dev"),
        ("flux", f"{FLUX}/platform-pre-prod", "GitRepository", "platform-pre-prod"),
        ("argocd", f"{ARGO}/applications/platform-dev", "Application", "platform-dev"),
        ("argocd", f"{ARGO}/appprojects/kalypso", "AppProject", "kalypso"),
    ],
)
@pytest.mark.parametrize("labels", [None, {}, {"app.kubernetes.io/managed-by": "Helm"}])
def test_an_object_of_somebody_else_is_named(
    reconciler: str, path: str, kind: str, name: str, labels: Mapping[str, str] | None
) -> None:
    assert found(Played({path: labels}), cluster("edge", reconciler)) == [
        (
            f"Pulumi.dev.yaml:1:1: error: the cluster 'edge' already has a {kind} {name!r} that is"
            " not Kalypso's [foreign-object]\n"
            "  hint: remove it, or let Kalypso have it by the label"
            " app.kubernetes.io/managed-by=kalypso"
        )
    ]


def test_an_object_of_ours_may_be_there() -> None:
    assert found(Played({SECRET: OURS, f"{FLUX}/platform-dev": OURS}), cluster("a", "flux")) == []


@pytest.mark.parametrize(
    ("reconciler", "kind", "named"),
    [
        ("flux", "gitrepositories.source.toolkit.fluxcd.io", "Flux"),
        ("argocd", "applications.argoproj.io", "Argo CD"),
    ],
)
def test_a_reconciler_that_somebody_installed_is_not_installed_over(
    reconciler: str, kind: str, named: str
) -> None:
    server = Played({f"{CRDS}/{kind}": {}})
    assert found(server, cluster("edge", reconciler, "install.yaml")) == [
        (
            f"Pulumi.dev.yaml:1:1: error: {named} is already installed on the cluster 'edge'"
            " [foreign-object]\n  hint: use it with install: none, or uninstall it first"
        )
    ]
    assert found(server, cluster("edge", reconciler)) == []


def test_all_clusters_are_looked_at_in_their_order() -> None:
    said = found(Played({SECRET: {}}), cluster("one", "flux"), cluster("two", "flux"))
    assert [line.split("'")[1] for line in said] == ["one", "two"]


@pytest.mark.parametrize("status", [401, 403, 418])
def test_a_server_that_does_not_say_is_left_to_the_provider(status: int) -> None:
    assert found(Played({}, status), cluster("edge", "flux")) == []


def test_a_cluster_that_cannot_be_reached_is_left_to_the_provider() -> None:
    def refuse(_: str) -> Played:
        raise Unreachable("nobody is there")

    fleet = Fleet(clusters=(cluster("a", "flux"),), repository="", sources=(), warnings=())
    assert list(foreign_objects(fleet, "dev", refuse)) == []


@pytest.mark.parametrize(
    ("reconciler", "namespace"), [("flux", "flux-system"), ("argocd", "argocd")]
)
def test_a_namespace_that_is_being_deleted_is_named_before_anything_is_made(
    reconciler: str, namespace: str
) -> None:
    server = Played({SECRET: {}})
    server.ending = {f"/api/v1/namespaces/{namespace}"}
    (said,) = found(server, cluster("edge", reconciler))
    assert f"the namespace '{namespace}' on the cluster 'edge' is being deleted" in said
    assert f"kubectl get namespace {namespace} -o yaml" in said


def test_a_namespace_that_is_there_is_fine() -> None:
    assert found(Played({"/api/v1/namespaces/flux-system": {}}), cluster("edge", "flux")) == []


def test_a_namespace_of_a_hub_that_is_being_deleted_is_named_with_the_hub() -> None:
    server = Played({})
    server.ending = {"/api/v1/namespaces/edge"}
    (said,) = found(server, replace(cluster("edge", "flux"), hub=HUB))
    assert "the namespace 'edge' on the hub 'hub' of the cluster 'edge' is being deleted" in said


HUB = FleetHub(context="hub", namespace="edge")
HUB_FLUX = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/edge/kustomizations"
HUB_ARGO = "/apis/argoproj.io/v1alpha1/namespaces/edge"
TARGET = "/apis/rbac.authorization.k8s.io/v1"


def with_hub(reconciler: str) -> FleetCluster:
    return replace(cluster("West_1", reconciler), hub=HUB)


def found_by(opened: Mapping[str, Played], one: FleetCluster) -> list[str]:
    fleet = Fleet(clusters=(one,), repository="", sources=(), warnings=())
    return [each.message for each in foreign_objects(fleet, "dev", opened.__getitem__)]


@pytest.mark.parametrize(
    ("reconciler", "path", "kind", "name"),
    [
        ("flux", "/api/v1/namespaces/edge/secrets/repo-secret", "Secret", "repo-secret"),
        (
            "flux",
            "/api/v1/namespaces/edge/secrets/west-1-kubeconfig",
            "Secret",
            "west-1-kubeconfig",
        ),
        ("flux", f"{HUB_FLUX}/west-1-platform-dev", "Kustomization", "west-1-platform-dev"),
        (
            "flux",
            f"{HUB_FLUX}/west-1-reconcilers-pre-prod",
            "Kustomization",
            "west-1-reconcilers-pre-prod",
        ),
        (
            "argocd",
            "/api/v1/namespaces/edge/secrets/kalypso-cluster-west-1",
            "Secret",
            "kalypso-cluster-west-1",
        ),
        ("argocd", f"{HUB_ARGO}/appprojects/kalypso-west-1", "AppProject", "kalypso-west-1"),
        (
            "argocd",
            f"{HUB_ARGO}/applications/west-1-platform-dev",
            "Application",
            "west-1-platform-dev",
        ),
    ],
)
def test_an_object_of_somebody_else_on_a_hub_is_named_with_the_hub(
    reconciler: str, path: str, kind: str, name: str
) -> None:
    servers = {"hub": Played({path: {}}), "West_1": Played({})}
    assert found_by(servers, with_hub(reconciler)) == [
        f"the hub 'hub' of the cluster 'West_1' already has a {kind} {name!r} that is not Kalypso's"
    ]


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/api/v1/namespaces/kube-system/secrets/kalypso-hub", "Secret", "kalypso-hub"),
        (
            f"{TARGET}/clusterrolebindings/kalypso-hub-admin",
            "ClusterRoleBinding",
            "kalypso-hub-admin",
        ),
    ],
)
def test_an_account_of_somebody_else_on_a_cluster_is_not_given_to_its_hub(
    path: str, kind: str, name: str
) -> None:
    servers = {"hub": Played({}), "West_1": Played({path: {}})}
    assert found_by(servers, with_hub("flux")) == [
        f"the cluster 'West_1' already has a {kind} {name!r} that is not Kalypso's"
    ]


def test_a_hub_and_its_cluster_are_asked_each_for_its_own_objects() -> None:
    servers = {"hub": Played({}), "West_1": Played({})}
    assert found_by(servers, with_hub("flux")) == []
    here, there = (
        {path for path in servers[name].asked if part not in path}
        for name, part in (("West_1", "kalypso-hub"), ("hub", "/namespaces/edge/"))
    )
    assert (here, there) == ({"/api/v1/namespaces/kube-system"}, {"/api/v1/namespaces/edge"})


@pytest.mark.parametrize(
    ("context", "hub", "asked"),
    [
        ("", None, []),
        ("edge", None, ["edge"]),
        ("", FleetHub(context="hub", namespace="edge"), ["hub"]),
    ],
)
def test_what_asks_clusters_is_loaded_where_there_is_one_to_ask(
    monkeypatch: pytest.MonkeyPatch, context: str, hub: FleetHub | None, asked: list[str]
) -> None:
    opened: list[str] = []

    class Unanswered:
        def __init__(self, _files: object) -> None:
            opened.append("loaded")

        def server(self, name: str) -> None:
            opened.append(name)
            raise Unreachable("nobody answers")

    monkeypatch.setattr("kalypso.stack.cluster_owners.Kubeconfig", Unanswered)
    given = replace(cluster("edge", "flux"), context=context, hub=hub)
    fleet = Fleet(clusters=(given,), repository="", sources=(), warnings=())
    check_owners(fleet, "dev", {})
    assert opened == (["loaded", *asked] if asked else [])
