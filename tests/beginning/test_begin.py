"""A platform that was just begun is valid, in every environment, and nothing is half begun."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from kalypso.beginning import Choices, begin, parse_cluster
from kalypso.errors import KalypsoError
from kalypso.git import (
    NO_COMMIT,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)
from kalypso.git.read import read_tree
from kalypso.git.refs import all_refs
from tests.cli.command import run

ROOT = Path(__file__).parents[2]
NOW = 1_800_000_000
CHOICES = Choices(
    environments=("test", "live"),
    prefix="acme",
    clusters=(parse_cluster("edge:argocd"), parse_cluster("core")),
)


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    begin(tmp_path / "acme", CHOICES, ROOT, NOW)
    return tmp_path / "acme"


def control_plane(platform: Path, branch: str) -> dict[str, str]:
    repository = platform / ".kalypso" / "forge" / "acme-control-plane.git"
    files = read_tree(str(repository), branch).files
    return {path: content.decode() for path, content in files.items()}


@pytest.mark.parametrize("environment", ["test", "live"])
def test_every_environment_is_valid(platform: Path, environment: str) -> None:
    result = run(["validate", "-e", environment], platform)
    assert result.code == 0
    assert f"{environment}: 0 errors" in result.out
    assert "(2 cluster types, 0 deployment targets" in result.out


def test_the_cluster_types_are_those_that_were_chosen(platform: Path) -> None:
    files = control_plane(platform, "live")
    assert "reconciler: argocd" in files["cluster-types/edge.yaml"]
    assert "reconciler: arc-flux" in files["cluster-types/core.yaml"]


def test_each_repository_has_the_branches_of_the_environments(platform: Path) -> None:
    forge = platform / ".kalypso" / "forge"
    heads = {p.name: sorted(all_refs(p)) for p in forge.iterdir()}
    assert heads == {
        "acme-control-plane.git": ["refs/heads/live", "refs/heads/main", "refs/heads/test"],
        "acme-gitops.git": ["refs/heads/live", "refs/heads/test"],
    }


def test_an_environment_takes_the_first_commit_of_main(platform: Path) -> None:
    repository = platform / ".kalypso" / "forge" / "acme-control-plane.git"
    commit = all_refs(repository)["refs/heads/main"]
    assert f'commit: "{commit}"' in control_plane(platform, "test")["base-repo.yaml"]


def test_workflows_name_the_environments_that_were_chosen(platform: Path) -> None:
    for branch in ("main", "test", "live"):
        workflow = control_plane(platform, branch)[".github/workflows/up.yaml"]
        assert "branches: [main, test, live]" in workflow
        assert '["test", "live"]' in workflow
        assert "stage" not in workflow


def test_nothing_is_left_of_the_sample(platform: Path) -> None:
    texts = "\n".join(
        text
        for branch in ("main", "test", "live")
        for text in control_plane(platform, branch).values()
    )
    assert "someLabel" not in texts
    assert "hello-world" not in texts
    assert "kalypso-control-plane" not in texts


API = "apiVersion: scheduler.kalypso.io/v1alpha1\n"
REGISTRATION = (
    f"{API}kind: WorkloadRegistration\nmetadata: {{name: app}}\nspec:\n  workspace: team-a\n"
    "  workload: {repo: http://127.0.0.1:3180/app-src, branch: main, path: .}\n"
)
POLICY = (
    f"{API}kind: SchedulingPolicy\nmetadata: {{name: all}}\nspec:\n"
    "  deploymentTargetSelector: {labelSelector: {}}\n"
    "  clusterTypeSelector: {labelSelector: {}}\n"
)
WORKLOAD = (
    f"{API}kind: Workload\nmetadata: {{name: app}}\nspec:\n  deploymentTargets:\n"
    "    - name: web\n      environment: test\n"
    "      manifests: {repo: https://git.example/app, branch: test, path: ./web}\n"
)


@pytest.fixture
def joined(platform: Path) -> Path:
    """A platform that an application has joined."""
    forge = platform / ".kalypso" / "forge"
    source, plane = forge / "app-src.git", forge / "acme-control-plane.git"
    create_repository(source, branch="main")
    commit(source, "main", {"workload.yaml": WORKLOAD})
    before = all_refs(plane)["refs/heads/main"]
    after = commit(plane, "main", {"workloads/app.yaml": REGISTRATION})
    pointer = control_plane(platform, "test")["base-repo.yaml"].replace(before, after)
    commit(plane, "test", {"base-repo.yaml": pointer, "policies/all.yaml": POLICY})
    return platform


def commit(repository: Path, branch: str, files: Mapping[str, str]) -> str:
    ref = f"refs/heads/{branch}"
    before = all_refs(repository).get(ref)
    after = write_commit(
        repository,
        parents=[before] if before else [],
        changes={path: text.encode() for path, text in files.items()},
        message="change\n",
        signature=Signature("Ada", "ada@example.com", NOW),
    )
    update_refs(repository, [RefUpdate(ref, before or NO_COMMIT, after)])
    return after


def test_the_first_application_gets_no_warning(joined: Path) -> None:
    result = run(["validate", "-e", "test"], joined)
    assert result.err == ""
    assert result.out == (
        "test: 0 errors, 0 warnings"
        " (2 cluster types, 1 deployment target, 1 policy, 2 assignments)\n"
    )


def test_onboarding_evaluates_with_the_kinds_that_the_settings_allow(platform: Path) -> None:
    shop = platform / ".kalypso" / "forge" / "shop.git"
    create_repository(shop, branch="main")
    commit(shop, "main", {"README.md": "# Shop\n"})
    home = "http://127.0.0.1:3180"
    wish = ["--workspace", "shop-team", "--target", "web@test", "--source", f"{home}/shop"]
    result = run(["onboard", "shop", *wish, "--gitops", f"{home}/shop-gitops", "--yes"], platform)
    assert (result.code, result.err) == (0, "")
    assert "  web: core, edge\n" in result.out


def test_a_team_gets_a_namespace_with_bounds_and_rights_in_no_other(joined: Path) -> None:
    assert run(["render", "-e", "test", "--out", "out"], joined).code == 0
    made = {
        (cluster, each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"])
        for cluster in ("core", "edge")
        for file in (joined / "out" / cluster / "app-web").glob("*.yaml")
        for each in yaml.safe_load_all(file.read_text())
        if each["kind"] != "ConfigMap"
    }
    space = "test-team-a-app-web"
    bounds = {
        ("Namespace", "", space),
        ("ResourceQuota", space, "kalypso"),
        ("LimitRange", space, "kalypso"),
        ("NetworkPolicy", space, "kalypso"),
    }
    assert made == {
        *(("core", *each) for each in bounds),
        *(("edge", *each) for each in bounds),
        ("core", "ServiceAccount", "flux-system", space),
        ("core", "Role", space, "reconciler"),
        ("core", "RoleBinding", space, "reconciler"),
        ("core", "GitRepository", "flux-system", "app-web"),
        ("core", "Kustomization", "flux-system", "app-web"),
        ("edge", "AppProject", "argocd", space),
        ("edge", "Application", "argocd", "app-web"),
    }
    (applied,) = [
        each
        for file in (joined / "out" / "core" / "app-web").glob("*.yaml")
        for each in yaml.safe_load_all(file.read_text())
        if each["kind"] == "Kustomization"
    ]
    assert applied["spec"]["serviceAccountName"] == space
    assert "namespace" not in applied["spec"]["sourceRef"]


def test_a_stack_without_the_setting_says_which_kinds_its_namespaces_may_not_have(
    joined: Path,
) -> None:
    file = joined / "Pulumi.test.yaml"
    lines = [line for line in file.read_text().splitlines() if "templates.kinds" not in line]
    file.write_text("\n".join(lines))
    result = run(["validate", "-e", "test"], joined)
    assert result.code == 2
    assert (
        "writes the kind 'ResourceQuota', which a namespace may not be" in result.out + result.err
    )


def test_a_package_without_templates_begins_nothing(tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir()
    (tmp_path / "clone" / "sample").symlink_to(ROOT / "sample")
    with pytest.raises(KalypsoError, match="there are no templates to begin with"):
        begin(tmp_path / "acme", CHOICES, tmp_path / "clone", NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["clone"]


def test_on_github_the_repositories_wait_to_be_pushed(tmp_path: Path) -> None:
    choices = Choices(environments=("dev",), forge="github", owner="acme", prefix="fleet")
    begun = begin(tmp_path / "fleet", choices, ROOT, NOW)
    assert begun.urls["gitops"] == "https://github.com/acme/fleet-gitops"
    assert begun.repositories["fleet-gitops"].is_dir()
    stack = (tmp_path / "fleet" / "Pulumi.dev.yaml").read_text()
    assert "kalypso:forge: github\n" in stack
    assert "kalypso:github.owner: acme\n" in stack


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (Choices(environments=()), "a platform has at least one environment"),
        (Choices(environments=("dev", "dev")), "'dev' is given twice"),
        (Choices(environments=("main",)), "'main' cannot be a name here"),
        (Choices(environments=("Dev!",)), "'Dev!' cannot be a name here"),
        (Choices(environments=("dev",), prefix="a/b"), "'a/b' cannot be a name here"),
        (Choices(environments=("dev",), forge="github"), "the repositories need an owner"),
    ],
)
def test_what_cannot_be_begun_writes_nothing(
    tmp_path: Path, choices: Choices, message: str
) -> None:
    with pytest.raises(KalypsoError, match=message):
        begin(tmp_path / "acme", choices, ROOT, NOW)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_reconciler_is_refused() -> None:
    with pytest.raises(KalypsoError, match="there is no reconciler 'fluxx'"):
        parse_cluster("edge:fluxx")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(KalypsoError, match="there is something here already") as caught:
        begin(tmp_path, CHOICES, ROOT, NOW)
    assert caught.value.problem.code == "not-empty"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_beginning_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KalypsoError, match="the sample has no folder") as caught:
        begin(tmp_path / "acme", CHOICES, tmp_path / "no-clone", NOW)
    assert caught.value.problem.code == "no-sample"
    assert list(tmp_path.iterdir()) == []
