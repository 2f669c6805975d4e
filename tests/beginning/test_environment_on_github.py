"""`kalypso environment add` on GitHub writes the same branches, through its interface."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.beginning import Choices, add_environment, begin, parse_cluster
from kalypso.errors import KalypsoError
from kalypso.git.read import read_tree
from kalypso.git.refs import all_refs
from kalypso.git.write import NO_COMMIT, RefUpdate, Signature, update_refs, write_commit
from tests.standins.github.server import TOKEN, GitHubServer

ROOT = Path(__file__).parents[2]
CHOICES = Choices(
    environments=("dev", "stage"),
    forge="github",
    owner="acme",
    prefix="acme",
    clusters=(parse_cluster("core"),),
)
NAMES = ("acme-control-plane", "acme-gitops")
VARIABLES = {"GITHUB_TOKEN": TOKEN}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with GitHubServer(tmp_path / "github") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        yield server


@pytest.fixture
def platform(tmp_path: Path, server: GitHubServer) -> Path:
    """Have a platform whose repositories were pushed to GitHub, as `kalypso init` says."""
    folder = tmp_path / "acme"
    begun = begin(folder, CHOICES, ROOT, 1_800_000_000)
    for name in NAMES:
        pushed = server.add(f"acme/{name}").folder
        for ref in all_refs(begun.repositories[name]):
            branch = ref.removeprefix("refs/heads/")
            files = read_tree(str(begun.repositories[name]), branch).files
            moved = {
                path: content.replace(b"https://github.com", server.url.encode())
                for path, content in files.items()
            }
            commit = write_commit(
                pushed,
                parents=[],
                changes=moved,
                message=f"Begin {branch}\n",
                signature=Signature("Ada", "ada@example.com", 1_800_000_000),
            )
            update_refs(pushed, [RefUpdate(ref, NO_COMMIT, commit)])
    for stack in folder.glob("Pulumi.*.yaml"):
        moved_there = stack.read_text().replace("https://github.com", server.url)
        stack.write_text(f"{moved_there}  kalypso:forge.url: {server.url}\n")
    shutil.rmtree(folder / ".kalypso")
    return folder


def text(server: GitHubServer, name: str, branch: str, path: str) -> str:
    repository = server.find(f"acme/{name}")
    assert repository is not None
    return read_tree(str(repository.folder), branch).files[path].decode()


def test_branches_stack_and_the_lists_of_every_branch_are_written(
    platform: Path, server: GitHubServer
) -> None:
    added = add_environment(platform, "prod", VARIABLES)
    assert added.branches == (
        "acme/acme-control-plane@prod",
        "acme/acme-gitops@prod",
        "acme/acme-control-plane@main",
        "acme/acme-control-plane@dev",
        "acme/acme-control-plane@stage",
    )
    assert added.files == ("Pulumi.prod.yaml", "Pulumi.dev.yaml")
    assert "ENVIRONMENT: prod" in text(
        server, "acme-control-plane", "prod", "configs/prod-config.yaml"
    )
    assert "branch: prod" in text(server, "acme-control-plane", "main", ".environments/prod.yaml")
    assert text(server, "acme-gitops", "prod", "README.md").startswith("# Manifests of prod\n")
    for branch in ("main", "dev", "stage", "prod"):
        workflow = text(server, "acme-control-plane", branch, ".github/workflows/up.yaml")
        assert "branches: [main, dev, stage, prod]" in workflow


def test_a_repository_that_does_not_exist_is_an_error_and_nothing_is_written(
    platform: Path, server: GitHubServer
) -> None:
    server.remove("acme/acme-gitops")
    plane = server.find("acme/acme-control-plane")
    assert plane is not None
    before = all_refs(plane.folder)
    with pytest.raises(KalypsoError, match="acme-gitops"):
        add_environment(platform, "prod", VARIABLES)
    assert all_refs(plane.folder) == before
    assert not (platform / "Pulumi.prod.yaml").exists()


def test_a_token_that_may_only_read_is_an_error_before_the_stack_is_written(
    platform: Path, server: GitHubServer
) -> None:
    server.grants[TOKEN] = type(server.grants[TOKEN])(writes=frozenset(), user="reader")
    with pytest.raises(KalypsoError):
        add_environment(platform, "prod", VARIABLES)
    assert not (platform / "Pulumi.prod.yaml").exists()
