"""What the teams ask of the platform, and the manifests that they deliver."""

from __future__ import annotations

from tests.sample.tree import SAMPLE, at, objects, objects_of, yaml_files

TARGETS = {
    "functional-test": (
        {"purpose": "functional-test", "edge": "true"},
        "dev",
        {"branch": "dev", "path": "./functional-test"},
    ),
    "performance-test": (
        {"purpose": "performance-test", "edge": "false"},
        "dev",
        {"branch": "dev", "path": "./performance-test"},
    ),
    "uat-test": (
        {"purpose": "uat-test"},
        "stage",
        {"branch": "stage", "path": "./uat-test"},
    ),
}


def test_workload_asks_for_the_walkthroughs_three_targets() -> None:
    (workload,) = objects_of(SAMPLE / "app-src/main/workload/workload.yaml")
    repo = {"repo": "http://127.0.0.1:3180/kalypso-app-gitops"}
    assert at(workload, "metadata.labels") == {"type": "application", "family": "force"}
    assert at(workload, "spec.deploymentTargets") == [
        {"name": name, "labels": labels, "environment": environment, "manifests": repo | where}
        for name, (labels, environment, where) in TARGETS.items()
    ]


def test_no_deployment_target_points_at_a_folder_without_manifests() -> None:
    workloads = [
        ("app-gitops", SAMPLE / "app-src/main/workload/workload.yaml"),
        ("svc-gitops", SAMPLE / "svc-src/main/workloads/observability.yaml"),
    ]
    for repository, path in workloads:
        (workload,) = objects_of(path)
        targets = at(workload, "spec.deploymentTargets")
        assert isinstance(targets, list)
        for target in targets:
            branch, folder = at(target, "manifests.branch"), at(target, "manifests.path")
            assert yaml_files(SAMPLE / repository / str(branch) / str(folder))


def test_no_manifest_of_a_team_names_a_namespace() -> None:
    """The platform's reconciler puts them into the assignment's."""
    for folder in ("app-gitops", "svc-gitops"):
        for path, document in objects(SAMPLE / folder):
            assert at(document, "metadata.namespace") is None, path
