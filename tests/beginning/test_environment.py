"""One more environment is a copy of the last one, and every list names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalypso.beginning import Choices, add_environment, begin, parse_cluster
from kalypso.errors import KalypsoError
from kalypso.git.read import read_tree
from kalypso.git.refs import all_refs
from tests.cli.command import run

ROOT = Path(__file__).parents[2]
CHOICES = Choices(environments=("dev", "stage"), prefix="acme", clusters=(parse_cluster("core"),))


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    begin(tmp_path / "acme", CHOICES, ROOT, 1_800_000_000)
    return tmp_path / "acme"


def repository(platform: Path, name: str) -> Path:
    return platform / ".kalypso" / "forge" / f"acme-{name}.git"


def text(platform: Path, name: str, branch: str, path: str) -> str:
    return read_tree(str(repository(platform, name)), branch).files[path].decode()


def test_the_new_environment_is_valid_and_has_what_the_last_one_has(platform: Path) -> None:
    added = add_environment(platform, "prod", {})
    assert (added.name, added.like) == ("prod", "stage")
    result = run(["validate", "-e", "prod"], platform)
    assert result.code == 0
    assert "prod: 0 errors" in result.out
    assert "(1 cluster type," in result.out


def test_its_values_and_pointers_are_its_own(platform: Path) -> None:
    add_environment(platform, "prod", {})
    assert "ENVIRONMENT: prod" in text(
        platform, "control-plane", "prod", "configs/prod-config.yaml"
    )
    assert "branch: prod" in text(platform, "control-plane", "prod", "gitops-repo.yaml")
    files = read_tree(str(repository(platform, "control-plane")), "prod").files
    assert "configs/stage-config.yaml" not in files


@pytest.mark.parametrize("branch", ["main", "dev", "stage", "prod"])
def test_workflows_of_every_branch_name_it(platform: Path, branch: str) -> None:
    add_environment(platform, "prod", {})
    workflow = text(platform, "control-plane", branch, ".github/workflows/up.yaml")
    assert "branches: [main, dev, stage, prod]" in workflow
    assert '["dev", "stage", "prod"]' in workflow


def test_stacks_and_main_list_it(platform: Path) -> None:
    add_environment(platform, "prod", {})
    assert "kalypso:environments: [dev, stage, prod]" in (platform / "Pulumi.dev.yaml").read_text()
    assert "kalypso:environment: prod" in (platform / "Pulumi.prod.yaml").read_text()
    assert "branch: prod" in text(platform, "control-plane", "main", ".environments/prod.yaml")
    assert run(["get", "cluster-types", "-A", "-o", "name"], platform).out == "core\n" * 3


def test_its_gitops_branch_begins_without_manifests_and_is_its_own(platform: Path) -> None:
    add_environment(platform, "prod", {})
    files = read_tree(str(repository(platform, "gitops")), "prod").files
    assert list(files) == ["README.md"]
    assert b"Manifests of prod" in files["README.md"]


def test_another_environment_may_be_copied(platform: Path) -> None:
    assert add_environment(platform, "qa", {}, like="dev").like == "dev"


@pytest.mark.parametrize(
    ("name", "like", "message"),
    [
        ("stage", "", "there is an environment 'stage' already"),
        ("main", "", "'main' cannot be a name here"),
        ("a/b", "", "'a/b' cannot be a name here"),
        ("prod", "nowhere", "there is no environment 'nowhere' to begin with"),
    ],
)
def test_what_cannot_be_added_changes_nothing(
    platform: Path, name: str, like: str, message: str
) -> None:
    before = {n: all_refs(repository(platform, n)) for n in ("control-plane", "gitops")}
    with pytest.raises(KalypsoError, match=message):
        add_environment(platform, name, {}, like)
    assert {n: all_refs(repository(platform, n)) for n in before} == before
    assert sorted(p.name for p in platform.glob("Pulumi.*.yaml")) == [
        "Pulumi.dev.yaml",
        "Pulumi.stage.yaml",
    ]
