"""Clusters that exist, from the first update to the end: real engine, provider and API servers.

The story is told once, in order; what was seen on the way is looked at by the tests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.clusters.cluster_bench import TOKEN, ClusterBench
from tools.lab.api import Api, write_kubeconfig
from tools.lab.programs import Programs
from tools.lab.servers import start_servers

GITOPS = "http://127.0.0.1:3180/kalypso-gitops"
SVC = "http://127.0.0.1:3180/kalypso-svc-gitops"
FLUX = "/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories"
KUSTOMIZATIONS = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations"
ARGO = "/apis/argoproj.io/v1alpha1/namespaces/argocd"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
NAMESPACES = "/api/v1/namespaces"
OWN_NAMESPACES = {"default", "kube-node-lease", "kube-public", "kube-system"}
DRONE = {"name": "drone", "provider": "existing", "context": "one", "onDestroy": "prune"}
LARGE = {"name": "large", "provider": "existing", "context": "two"}
DOWN = {"name": "far", "clusterType": "drone", "provider": "existing", "context": "down"}


@dataclass
class Seen:
    """What was there after each step, by a name of our own."""

    objects: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Mapping[str, int]] = field(default_factory=dict)
    state: str = ""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder, seen = tmp_path_factory.mktemp("clusters"), Seen()
    programs = Programs(folder / "servers")
    try:
        apis = start_servers(programs, "one", "two")
        write_kubeconfig(folder / "kubeconfig", *apis.values(), elsewhere="down")
        bench = ClusterBench(folder / "bench", folder / "kubeconfig")
        _meet_somebody_else(bench, apis["one"], seen)
        _set_up(bench, apis, seen)
        _drift(bench, apis["one"], seen)
        _add_one_that_is_down(bench, apis, seen)
        _destroy(bench, apis, seen)
        yield seen
    finally:
        programs.end(hard=True)


def _meet_somebody_else(bench: ClusterBench, one: Api, seen: Seen) -> None:
    bench.clusters(DRONE, LARGE)
    one.ask("POST", NAMESPACES, {"metadata": {"name": "flux-system"}})
    secrets = f"{NAMESPACES}/flux-system/secrets"
    one.ask("POST", secrets, {"metadata": {"name": "repo-secret"}, "stringData": {"a": "b"}})
    seen.said["foreign"] = bench.refused_up()
    seen.objects["foreign secret"] = one.secret("flux-system", "repo-secret")
    seen.objects["kinds beside it"] = one.names(CRDS)
    one.ask("DELETE", f"{secrets}/repo-secret")


def _set_up(bench: ClusterBench, apis: Mapping[str, Api], seen: Seen) -> None:
    seen.changes["first"] = bench.changes()
    seen.said["up"] = bench.up()
    one, two = apis["one"], apis["two"]
    seen.objects["sources"] = {n: one.get(f"{FLUX}/{n}")["spec"] for n in one.names(FLUX)}
    seen.objects["kustomizations"] = {
        n: one.get(f"{KUSTOMIZATIONS}/{n}")["spec"] for n in one.names(KUSTOMIZATIONS)
    }
    seen.objects["flux secret"] = one.secret("flux-system", "repo-secret")
    applications = two.names(f"{ARGO}/applications")
    seen.objects["applications"] = {
        n: two.get(f"{ARGO}/applications/{n}")["spec"] for n in applications
    }
    seen.objects["project"] = two.get(f"{ARGO}/appprojects/kalypso")["spec"]
    labelled = "/api/v1/namespaces/argocd/secrets?labelSelector=argocd.argoproj.io/secret-type"
    seen.objects["argo secrets"] = [two.secret("argocd", name) for name in two.names(labelled)]
    seen.objects["roles"] = one.names("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings")
    seen.state = bench.state()
    seen.changes["again"] = bench.changes()


def _drift(bench: ClusterBench, one: Api, seen: Seen) -> None:
    path = f"{KUSTOMIZATIONS}/platform-dev"
    one.ask("PATCH", path, {"spec": {"prune": False, "path": "./large"}})
    one.ask("DELETE", "/api/v1/namespaces/flux-system/secrets/repo-secret")
    seen.said["repair"] = bench.up("--refresh")
    seen.objects["repaired"] = one.get(path)["spec"]
    seen.objects["repaired secret"] = one.secret("flux-system", "repo-secret")


def _add_one_that_is_down(bench: ClusterBench, apis: Mapping[str, Api], seen: Seen) -> None:
    bench.clusters(DRONE, LARGE, DOWN)
    seen.said["down"] = bench.refused_up()
    seen.objects["while down"] = apis["one"].names(KUSTOMIZATIONS)
    bench.clusters(DRONE, LARGE)
    seen.said["without it"] = bench.up()
    seen.changes["after it"] = bench.changes()


def _destroy(bench: ClusterBench, apis: Mapping[str, Api], seen: Seen) -> None:
    seen.said["destroy"] = bench.destroy()
    one, two = apis["one"], apis["two"]
    seen.objects["namespaces"] = {name: api.names(NAMESPACES) for name, api in apis.items()}
    seen.objects["kinds"] = {name: api.names(CRDS) for name, api in apis.items()}
    seen.objects["left"] = {
        "applications": two.names(f"{ARGO}/applications"),
        "projects": two.names(f"{ARGO}/appprojects"),
        "secrets": two.names("/api/v1/namespaces/argocd/secrets"),
        "kustomizations": one.names(KUSTOMIZATIONS),
    }
    seen.objects["resources"] = bench.kinds()
    seen.said["all"] = bench.said


def test_a_secret_of_somebody_else_stops_everything_before_it_begins(story: Seen) -> None:
    assert (
        "the cluster 'drone' already has a Secret 'repo-secret' that is not Kalypso's"
        in story.said["foreign"]
    )
    assert story.objects["foreign secret"] == {"a": "b"}
    assert story.objects["kinds beside it"] == set()


def test_the_first_preview_shows_every_object_before_their_kinds_exist(story: Seen) -> None:
    assert not story.changes["first"].keys() & {"delete", "replace"}
    assert story.changes["first"]["create"] > 40


def test_flux_reads_the_branch_and_folder_of_each_environment(story: Seen) -> None:
    assert story.objects["sources"].keys() == {"platform-dev", "platform-stage"}
    source = story.objects["sources"]["platform-stage"]
    assert (source["url"], source["ref"]) == (GITOPS, {"branch": "stage"})
    assert (source["interval"], source["secretRef"]) == ("10s", {"name": "repo-secret"})
    assert story.objects["kustomizations"].keys() == {"platform-dev", "platform-stage"}
    applied = story.objects["kustomizations"]["platform-dev"]
    assert applied == {
        "deletionPolicy": "WaitForTermination",
        "force": False,
        "interval": "10s",
        "path": "./drone",
        "prune": True,
        "retryInterval": "10s",
        "sourceRef": {"kind": "GitRepository", "name": "platform-dev"},
        "timeout": "3m",
        "wait": True,
    }


def test_flux_has_its_rights_and_its_secret(story: Seen) -> None:
    assert "cluster-reconciler" in story.objects["roles"]
    assert story.objects["flux secret"] == {"username": "git", "password": TOKEN}


def test_argo_cd_reads_the_branch_and_folder_of_each_environment(story: Seen) -> None:
    assert story.objects["applications"].keys() == {"platform-dev", "platform-stage"}
    application = story.objects["applications"]["platform-stage"]
    assert application["project"] == "kalypso"
    assert application["source"] == {
        "repoURL": GITOPS,
        "targetRevision": "stage",
        "path": "large",
        "directory": {"recurse": True},
    }
    assert application["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}


def test_argo_cd_may_read_the_platforms_and_the_workloads_repositories(story: Seen) -> None:
    assert story.objects["project"]["sourceRepos"] == [GITOPS, SVC]
    secrets = sorted(story.objects["argo secrets"], key=lambda each: each["url"])
    assert [each["url"] for each in secrets] == [GITOPS, SVC]
    assert {each["password"] for each in secrets} == {TOKEN}


def test_the_same_again_changes_nothing(story: Seen) -> None:
    assert story.changes["again"].keys() == {"same"}


def test_what_somebody_changed_or_removed_is_repaired(story: Seen) -> None:
    assert (story.objects["repaired"]["prune"], story.objects["repaired"]["path"]) == (
        True,
        "./drone",
    )
    assert story.objects["repaired secret"] == {"username": "git", "password": TOKEN}


def test_a_cluster_that_is_down_is_a_clear_error_and_the_others_stay(story: Seen) -> None:
    assert "far" in story.said["down"]
    assert "unreachable" in story.said["down"] or "connection refused" in story.said["down"]
    assert story.objects["while down"] == {"platform-dev", "platform-stage"}


def test_a_cluster_that_was_never_reached_leaves_the_list_without_a_trace(story: Seen) -> None:
    assert story.changes["after it"].keys() == {"same"}


def test_a_destroyed_cluster_that_prunes_has_nothing_of_ours(story: Seen) -> None:
    assert story.objects["namespaces"]["one"] == OWN_NAMESPACES
    assert story.objects["kinds"]["one"] == set()
    assert story.objects["left"]["kustomizations"] == set()
    assert story.objects["resources"] == []


def test_a_destroyed_cluster_that_keeps_its_workloads_keeps_argo_cd_and_no_credentials(
    story: Seen,
) -> None:
    assert story.objects["namespaces"]["two"] == OWN_NAMESPACES | {"argocd"}
    assert "applications.argoproj.io" in story.objects["kinds"]["two"]
    left = story.objects["left"]
    assert (left["applications"], left["projects"], left["secrets"]) == (set(), set(), set())


def test_the_readers_token_is_in_no_output_and_in_clear_in_no_state(story: Seen) -> None:
    assert len(story.said["all"]) > 1000
    assert TOKEN not in story.said["all"]
    assert "canary" not in story.state
