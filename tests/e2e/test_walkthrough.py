"""The walkthrough on real clusters: what is delivered runs, and what is removed is gone.

Told once, in order; every answer is the clusters' own.
"""

from collections.abc import Mapping
from typing import Any

from tests.e2e.platform_bench import (
    APPLICATIONS,
    KUSTOMIZATIONS,
    NAMESPACES,
    SOURCES,
    Platform,
)
from tests.sample.walkthrough import (
    DEV_POLICIES,
    REGISTRATION,
    STAGE_DATABASE,
    STAGE_POLICY,
    STAGE_SMALL,
)

FUNCTIONAL = "dev-kaizen-app-team-hello-world-app-functional-test"
PERFORMANCE = "dev-kaizen-app-team-hello-world-app-performance-test"
UAT = "stage-kaizen-app-team-hello-world-app-uat-test"
SYSTEM = {
    "drone": {"default", "flux-system", "kube-node-lease", "kube-public", "kube-system"},
    "large": {"argocd", "default", "kube-node-lease", "kube-public", "kube-system"},
}


def test_clusters_apply_the_empty_platform(platform: Platform) -> None:
    for environment in ("dev", "stage"):
        commit = platform.merge(environment)
        platform.flux_ready(f"platform-{environment}", commit)
        platform.argo_synced(f"platform-{environment}", commit)
    assert platform.api("drone").names(NAMESPACES) == SYSTEM["drone"]


def test_a_registered_application_runs_in_dev_after_the_merge(platform: Platform) -> None:
    platform.promote("dev", platform.edit(REGISTRATION))
    platform.edit(DEV_POLICIES)
    commit = platform.deliver("dev")
    platform.flux_ready("platform-dev", commit)
    drone = platform.api("drone")
    assert drone.get(f"{NAMESPACES}/{FUNCTIONAL}")["metadata"]["labels"] == {
        "deploymentTarget": "hello-world-app-functional-test",
        "environment": "dev",
        "kubernetes.io/metadata.name": FUNCTIONAL,
        "kustomize.toolkit.fluxcd.io/name": "platform-dev",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
        "someLabel": "some-value",
        "workload": "hello-world-app",
        "workspace": "kaizen-app-team",
    }
    assert values(platform, "drone", FUNCTIONAL) == {
        "CLUSTER_NAME": "Drone",
        "DATABASE_URL": "mysql://restricted-host:3306/mysqlrty123",
        "ENVIRONMENT": "Dev",
        "REGION": "East US",
        "SOME_COMMON_ENVIRONMENT_VARIABLE": "false",
    }
    platform.flux_ready("hello-world-app-functional-test")
    ready(platform, "drone", FUNCTIONAL, "hello-world-deployment")


def test_argo_cd_runs_its_part_of_the_application(platform: Platform) -> None:
    platform.argo_synced("hello-world-app-performance-test")
    ready(platform, "large", PERFORMANCE, "hello-world-deployment")
    assert values(platform, "large", PERFORMANCE)["REGION"] == "West US"


def test_cluster_types_that_were_not_selected_have_a_readme_only(platform: Platform) -> None:
    tree = platform.bench.tree("dev")
    for name in ("small", "command-center"):
        assert [path for path in tree if path.startswith(f"{name}/")] == [f"{name}/README.md"]


def test_the_application_reaches_both_clusters_of_stage(platform: Platform) -> None:
    promoted = platform.bench.git("rev-parse", "refs/heads/main", repository="control-plane")
    platform.promote("stage", promoted.strip())
    platform.edit(STAGE_POLICY)
    commit = platform.deliver("stage")
    platform.flux_ready("platform-stage", commit)
    platform.flux_ready("hello-world-app-uat-test")
    platform.argo_synced("hello-world-app-uat-test")
    for cluster in ("drone", "large"):
        ready(platform, cluster, UAT, "hello-world-deployment")
    assert values(platform, "large", UAT)["DATABASE_URL"] != west_stage()["DATABASE_URL"]


def test_a_region_of_stage_gets_its_database_and_nobody_else_does(platform: Platform) -> None:
    before = {name: values(platform, *name) for name in ELSEWHERE}
    platform.edit(STAGE_DATABASE)
    commit = platform.deliver("stage")
    platform.argo_synced("platform-stage", commit)
    platform.flux_ready("platform-stage", commit)
    changed = platform.until(
        lambda: values(platform, "large", UAT),
        lambda found: found.get("DATABASE_URL") == "mysql://west-stage:8806/mysql2",
        "the new database on large",
    )
    assert changed.items() >= west_stage().items()
    assert {name: values(platform, *name) for name in ELSEWHERE} == before


def test_a_new_cluster_type_gets_a_folder_and_changes_no_cluster(platform: Platform) -> None:
    before = {name: platform.api(name).names(NAMESPACES) for name in ("drone", "large")}
    platform.edit(STAGE_SMALL)
    commit = platform.deliver("stage")
    assert "small/hello-world-app-uat-test/namespace.yaml" in platform.bench.tree("stage")
    platform.flux_ready("platform-stage", commit)
    platform.argo_synced("platform-stage", commit)
    assert {name: platform.api(name).names(NAMESPACES) for name in before} == before


def test_what_somebody_edits_on_a_cluster_is_put_back(platform: Platform) -> None:
    for cluster, namespace in (("drone", FUNCTIONAL), ("large", PERFORMANCE)):
        before = values(platform, cluster, namespace)
        path = f"{NAMESPACES}/{namespace}/configmaps/platform-config"
        platform.api(cluster).ask("PATCH", path, {"data": {"REGION": "nowhere"}})
        platform.poke()
        until_values(platform, cluster, namespace, before)


def test_a_removed_policy_removes_its_namespace_and_nothing_else(platform: Platform) -> None:
    rest = platform.api("drone").names(NAMESPACES) - {FUNCTIONAL}
    policy = "scheduling/kaizen/functional-test-policy.yaml"
    platform.remove("control-plane", "dev", policy)
    commit = platform.deliver("dev")
    platform.flux_ready("platform-dev", commit)
    platform.gone("drone", f"{NAMESPACES}/{FUNCTIONAL}")
    assert platform.api("drone").names(NAMESPACES) == rest
    assert platform.api("large").get(f"{NAMESPACES}/{PERFORMANCE}") is not None


def test_destroying_the_platform_leaves_nothing_of_it_on_any_cluster(platform: Platform) -> None:
    for stack in ("stage", "dev"):
        platform.bench.good("pulumi", "destroy", "-s", stack, "--yes", "--skip-preview",
                            "--non-interactive")  # fmt: skip
    for cluster in SYSTEM:
        until_empty(platform, cluster)
    assert platform.api("drone").names(KUSTOMIZATIONS) == set()
    assert platform.api("drone").names(SOURCES) == set()
    assert platform.api("large").names(APPLICATIONS) == set()


ELSEWHERE = (("drone", UAT), ("drone", FUNCTIONAL), ("large", PERFORMANCE))


def west_stage() -> dict[str, str]:
    """Return what the walkthrough's chapter 4 writes for West US."""
    return {"REGION": "West US", "DATABASE_URL": "mysql://west-stage:8806/mysql2"}


def values(platform: Platform, cluster: str, namespace: str) -> Mapping[str, str]:
    """Return the platform's values for a namespace, as its cluster has them."""
    found: Any = platform.api(cluster).get(f"{NAMESPACES}/{namespace}/configmaps/platform-config")
    data: dict[str, str] = (found or {}).get("data", {})
    return data


def until_values(
    platform: Platform, cluster: str, namespace: str, wanted: Mapping[str, str]
) -> None:
    """Wait until a cluster has exactly these values of the platform for a namespace."""
    platform.until(
        lambda: values(platform, cluster, namespace),
        lambda found: found == wanted,
        f"the values in {namespace} on {cluster}",
    )


def until_empty(platform: Platform, cluster: str) -> None:
    """Wait until a cluster has no namespace but its own and its reconciler's."""
    platform.until(
        lambda: sorted(platform.api(cluster).names(NAMESPACES)),
        lambda found: set(found) == SYSTEM[cluster],
        f"the namespaces of {cluster}",
    )


def ready(platform: Platform, cluster: str, namespace: str, deployment: str) -> None:
    """Wait until every pod of a Deployment is ready."""
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{deployment}"
    platform.until(
        lambda: platform.api(cluster).get(path),
        lambda found: (
            found is not None
            and found.get("status", {}).get("readyReplicas") == found["spec"]["replicas"]
        ),
        f"{deployment} in {namespace} on {cluster}",
    )
