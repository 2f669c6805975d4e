"""What the walkthrough's repositories hold at the start."""

from __future__ import annotations

import re

import pytest

from tests.sample.tree import SAMPLE, at, documents, kind_and_name, objects, objects_of, yaml_files

BRANCHES = {
    "control-plane": {"main", "dev", "stage"},
    "gitops": {"dev", "stage"},
    "app-src": {"main", "dev-configs", "stage-configs"},
    "app-gitops": {"dev", "stage"},
    "svc-src": {"main"},
    "svc-gitops": {"dev", "stage"},
}

KINDS = {
    "control-plane/main": {
        "Environment/dev",
        "Environment/stage",
        "Template/arc-flux",
        "Template/argocd",
        "Template/default",
        "WorkloadRegistration/platform-svc",
    },
    "control-plane/dev": {
        "BaseRepo/main",
        "GitOpsRepo/dev",
        "ClusterType/command-center",
        "ClusterType/drone",
        "ClusterType/large",
        "ClusterType/small",
        "ConfigMap/command-center-config",
        "ConfigMap/dev-config",
        "ConfigMap/drone-config",
        "ConfigMap/east-us-config",
        "ConfigMap/large-config",
        "ConfigMap/restricted-config",
        "ConfigMap/small-config",
        "ConfigMap/west-us-config",
        "SchedulingPolicy/observability-policy",
    },
    "control-plane/stage": {
        "BaseRepo/main",
        "GitOpsRepo/stage",
        "ClusterType/drone",
        "ClusterType/large",
        "ConfigMap/drone-config",
        "ConfigMap/east-us-config",
        "ConfigMap/large-config",
        "ConfigMap/restricted-config",
        "ConfigMap/stage-config",
        "ConfigMap/west-us-config",
    },
    "gitops/dev": set(),
    "gitops/stage": set(),
    "app-src/main/workload": {"Workload/hello-world-app"},
    "app-gitops/dev/functional-test": {
        "Deployment/hello-world-deployment",
        "Service/hello-world-service",
    },
    "app-gitops/dev/performance-test": {
        "Deployment/hello-world-deployment",
        "Service/hello-world-service",
    },
    "app-gitops/stage/uat-test": {
        "Deployment/hello-world-deployment",
        "Service/hello-world-service",
    },
    "svc-src/main": {
        "Workload/observability",
        "ConfigMap/prometheus-config",
        "Deployment/prometheus",
        "Service/prometheus",
    },
    "svc-gitops/dev/prometheus": {
        "ConfigMap/prometheus-config",
        "Deployment/prometheus",
        "Service/prometheus",
    },
    "svc-gitops/stage/prometheus": {
        "ConfigMap/prometheus-config",
        "Deployment/prometheus",
        "Service/prometheus",
    },
}

SERVED = {
    "v1",
    "apps/v1",
    "argoproj.io/v1alpha1",
    "kustomize.toolkit.fluxcd.io/v1",
    "scheduler.kalypso.io/v1alpha1",
    "source.toolkit.fluxcd.io/v1",
}

KUBERNETES_OBJECTS = [
    "control-plane",
    "app-src/main/workload",
    "app-gitops",
    "svc-src",
    "svc-gitops",
]


def test_there_is_one_folder_for_each_branch_of_each_repository() -> None:
    found = {
        repository.name: {branch.name for branch in repository.iterdir()}
        for repository in SAMPLE.iterdir()
    }
    assert found == BRANCHES


@pytest.mark.parametrize("branch", KINDS)
def test_branch_holds_exactly_these_objects(branch: str) -> None:
    found = [kind_and_name(document) for _, document in objects(SAMPLE / branch)]
    assert len(found) == len(set(found))
    assert set(found) == KINDS[branch]


def test_no_yaml_file_is_broken_or_empty() -> None:
    assert [path for path in yaml_files(SAMPLE) if not documents(path)] == []


@pytest.mark.parametrize("environment", ["dev", "stage"])
def test_gitops_branch_starts_without_manifests(environment: str) -> None:
    branch = SAMPLE / "gitops" / environment
    found = [path for path in branch.rglob("*") if path.is_file()]
    assert sorted(path.name for path in found) == ["README.md", "check-promote.yaml", "verify.yaml"]


@pytest.mark.parametrize("folder", KUBERNETES_OBJECTS)
def test_no_object_has_an_api_version_that_clusters_do_not_serve(folder: str) -> None:
    found = {str(document["apiVersion"]) for _, document in objects(SAMPLE / folder)}
    assert found - SERVED == set()


def test_no_template_writes_an_api_version_that_clusters_do_not_serve() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in (SAMPLE / "control-plane/main/templates").iterdir()
    )
    written = set(re.findall(r"apiVersion: (\S+)", text))
    assert {"source.toolkit.fluxcd.io/v1", "kustomize.toolkit.fluxcd.io/v1"} <= written
    assert written - SERVED == set()


def test_no_repository_is_named_by_anything_but_the_default_url() -> None:
    """The program replaces this prefix by the forge's URL and the settings' prefix."""
    named = {
        repository
        for folder in KUBERNETES_OBJECTS
        for _, document in objects(SAMPLE / folder)
        for repository in _repositories(document)
    }
    expected = {
        "http://127.0.0.1:3180/kalypso-control-plane",
        "http://127.0.0.1:3180/kalypso-gitops",
        "http://127.0.0.1:3180/kalypso-app-gitops",
        "http://127.0.0.1:3180/kalypso-svc-src",
        "http://127.0.0.1:3180/kalypso-svc-gitops",
    }
    assert named == expected


def _repositories(node: object) -> list[object]:
    """Return every value of a key that names a repository, at any depth."""
    if isinstance(node, list):
        return [found for item in node for found in _repositories(item)]
    if not isinstance(node, dict):
        return []
    here = [value for key, value in node.items() if key in {"repo", "url", "repoURL"}]
    return here + [found for value in node.values() for found in _repositories(value)]


@pytest.mark.parametrize("environment", ["dev", "stage"])
def test_base_repository_starts_at_a_commit_that_is_text_and_never_exists(environment: str) -> None:
    (base,) = documents(SAMPLE / "control-plane" / environment / "base-repo.yaml")
    assert at(base, "spec.commit") == "0" * 40


def test_no_label_or_value_of_a_config_map_needs_quotes_that_are_missing() -> None:
    for path, document in objects(SAMPLE / "control-plane"):
        for place in ("metadata.labels", "data"):
            values = at(document, place)
            assert values is None or isinstance(values, dict)
            wrong = [v for v in (values or {}).values() if not isinstance(v, str)]
            assert wrong == [], f"{path}: {place}"


@pytest.mark.parametrize(
    ("branch", "reconcilers"),
    [
        (
            "dev",
            {
                "command-center": "arc-flux",
                "drone": "arc-flux",
                "large": "argocd",
                "small": "argocd",
            },
        ),
        ("stage", {"drone": "arc-flux", "large": "argocd"}),
    ],
)
def test_cluster_types_reconcile_as_the_walkthrough_says(
    branch: str, reconcilers: dict[str, str]
) -> None:
    found = {
        at(document, "metadata.name"): at(document, "spec.reconciler")
        for _, document in objects(SAMPLE / "control-plane" / branch)
        if document["kind"] == "ClusterType"
    }
    assert found == reconcilers


def test_no_cluster_type_names_a_template_that_main_does_not_have() -> None:
    templates = {
        at(document, "metadata.name")
        for _, document in objects(SAMPLE / "control-plane/main/templates")
    }
    named = {
        at(document, f"spec.{key}")
        for _, document in objects(SAMPLE / "control-plane")
        if document["kind"] == "ClusterType"
        for key in ("reconciler", "namespaceService")
    }
    assert named - templates == set()


def test_stage_lacks_what_only_dev_has() -> None:
    """Chapter 5 adds `small` to stage, where no config map names it."""
    names = {kind_and_name(document) for _, document in objects(SAMPLE / "control-plane/stage")}
    assert not names & {"ClusterType/small", "ConfigMap/small-config", "ClusterType/command-center"}


def test_the_registration_of_chapter_2_is_not_there_yet() -> None:
    assert not (SAMPLE / "control-plane/main/workloads/hello-world-app.yaml").exists()


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("stage/cluster-types/west-us/west-us-config.yaml", "ConfigMap/west-us-config"),
        ("dev/cluster-types/west-us/small/small-cluster-type.yaml", "ClusterType/small"),
    ],
)
def test_files_that_the_walkthrough_writes_over_or_copies_are_where_it_says(
    file: str, kind: str
) -> None:
    (document,) = objects_of(SAMPLE / "control-plane" / file)
    assert kind_and_name(document) == kind
