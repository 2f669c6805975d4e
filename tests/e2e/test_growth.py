"""A platform that grows while it runs: a third cluster, and one more environment."""

from collections.abc import Iterator

import pytest

from tests.e2e.platform_bench import KUSTOMIZATIONS, NAMESPACES, SOURCES, Platform
from tests.sample.walkthrough import DEV_POLICIES, REGISTRATION, policy
from tools.lab.laboratory import Laboratory

FUNCTIONAL = "dev-kaizen-app-team-hello-world-app-functional-test"
NAMESPACE = "prod-kaizen-app-team-hello-world-app-live"
OWN = {"default", "flux-system", "kube-node-lease", "kube-public", "kube-system"}
PROD = "config:\n  kalypso:environment: prod\n"
LIVE = """\
    - name: live
      labels:
        purpose: live
      environment: prod
      manifests:
        repo: http://127.0.0.1:3180/kalypso-app-gitops
        branch: stage
        path: ./uat-test
"""
"""A target for the environment that is added."""


@pytest.fixture(scope="module")
def growing(platform: Platform, lab: Laboratory) -> Iterator[Platform]:
    """The platform with the application in dev, and a cluster `edge` that it does not know yet."""
    platform.merge("dev")
    platform.merge("stage")
    platform.promote("dev", platform.edit(REGISTRATION))
    platform.edit(DEV_POLICIES)
    platform.deliver("dev")
    lab.start({"edge": "flux"})
    yield platform
    lab.end_cluster("edge")


def test_a_cluster_that_is_added_gets_what_its_type_has(growing: Platform) -> None:
    growing.clusters("drone", "large", edge={"clusterType": "drone"})
    growing.bench.up("dev")
    growing.until(
        lambda: growing.api("edge").get(f"{NAMESPACES}/{FUNCTIONAL}"),
        lambda found: found is not None,
        "the application's namespace on the new cluster",
    )
    assert growing.api("edge").names(KUSTOMIZATIONS) >= {"platform-dev", "platform-stage"}


def test_an_environment_that_is_added_reaches_every_cluster(growing: Platform) -> None:
    bench = growing.bench
    _copy_branch(growing, "control-plane", "stage", "prod")
    root = bench.git("rev-list", "--max-parents=0", "stage").strip()
    _copy_branch(growing, "gitops", root, "prod")
    gitops = bench.tree("stage", "control-plane")["gitops-repo.yaml"]
    rule = policy("live-policy", "{purpose: live}", "{}")
    ours = {
        "gitops-repo.yaml": gitops.replace("branch: stage", "branch: prod"),
        "scheduling/kaizen/live-policy.yaml": rule,
    }
    bench.commit("control-plane", "prod", ours)
    growing.promote("prod", bench.git("rev-parse", "main", repository="control-plane").strip())
    workload = "workload/workload.yaml"
    targets = bench.tree("main", "app-src")[workload]
    bench.commit("app-src", "main", {workload: targets + LIVE})
    (bench.project / "Pulumi.prod.yaml").write_text(PROD)
    bench.make_stacks("prod")
    growing.set("environments", ["dev", "stage", "prod"])
    bench.up("dev")
    bench.up("prod")
    commit = growing.merge("prod")
    for cluster in ("drone", "edge"):
        growing.until(
            lambda cluster=cluster: growing.api(cluster).get(f"{NAMESPACES}/{NAMESPACE}"),  # type: ignore[misc] # mypy cannot type its default
            lambda found: found is not None,
            f"the namespace of prod on {cluster}",
        )
    growing.argo_synced("platform-prod", commit)


def test_a_cluster_that_is_removed_keeps_nothing_and_the_others_keep_everything(
    growing: Platform,
) -> None:
    before = growing.api("drone").names(NAMESPACES)
    growing.clusters("drone", "large")
    growing.bench.up("dev")
    growing.until(
        lambda: sorted(growing.api("edge").names(NAMESPACES)),
        lambda found: set(found) == OWN,
        "the namespaces of the removed cluster",
    )
    assert growing.api("edge").names(KUSTOMIZATIONS) == set()
    assert growing.api("edge").names(SOURCES) == set()
    assert growing.api("drone").names(NAMESPACES) == before


def _copy_branch(platform: Platform, repository: str, old: str, new: str) -> None:
    platform.bench.git("branch", new, old, repository=repository)
