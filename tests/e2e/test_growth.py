"""A platform that grows while it runs: a third cluster, and one more environment."""

from collections.abc import Iterator

import pytest

from tests.e2e.platform_bench import KUSTOMIZATIONS, NAMESPACES, SOURCES, Platform
from tests.sample.walkthrough import DEV_POLICIES, REGISTRATION, policy
from tools.lab.laboratory import Laboratory

FUNCTIONAL = "dev-kaizen-app-team-hello-world-app-functional-test"
UAT = "prod-kaizen-app-team-hello-world-app-uat-test"
OWN = {"default", "flux-system", "kube-node-lease", "kube-public", "kube-system"}
PROD = "config:\n  kalypso:environment: prod\n"


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
    bench.commit(
        "control-plane",
        "prod",
        {
            name: bench.tree("stage", "control-plane")[name].replace(
                "branch: stage", "branch: prod"
            )
            for name in ("gitops-repo.yaml",)
        }
        | {
            "scheduling/kaizen/uat-test-policy.yaml": policy(
                "uat-test-policy", "{purpose: functional-test}", "{}"
            )
        },
    )
    (bench.project / "Pulumi.prod.yaml").write_text(PROD)
    bench.good("pulumi", "stack", "init", "prod", "--non-interactive")
    growing.set("environments", ["dev", "stage", "prod"])
    bench.up("dev")
    bench.up("prod")
    commit = bench.git("rev-parse", "refs/heads/prod").strip()
    for cluster in ("drone", "edge"):
        growing.until(
            lambda cluster=cluster: growing.api(cluster).get(f"{KUSTOMIZATIONS}/platform-prod"),  # type: ignore[misc]
            lambda found: (
                found is not None
                and commit in found.get("status", {}).get("lastAppliedRevision", "")
            ),
            f"prod on {cluster}",
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
