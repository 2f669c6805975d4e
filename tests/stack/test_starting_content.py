"""The content that repositories start with is known before they are there."""

import shutil
from pathlib import Path

import pytest

from kalypso.errors import SourceError
from kalypso.git.read import read_tree
from kalypso.git.write import create_repository, write_commit
from kalypso.stack import starting_content
from kalypso.stack.starting_content import REPOSITORY_CONTENTS, default_branch, starting_branches

URL = "http://127.0.0.1:3180"


@pytest.mark.parametrize("content", REPOSITORY_CONTENTS)
def test_the_ids_are_those_that_git_gives(content: str, tmp_path: Path) -> None:
    create_repository(tmp_path, branch="main")
    for branch in starting_branches(content, "kalypso", URL).values():
        commit = write_commit(
            tmp_path,
            parents=[],
            changes=branch.files,
            message=branch.message,
            signature=branch.signature,
        )
        assert commit == branch.commit
        assert read_tree(str(tmp_path), commit).files == branch.files


def test_the_repositories_have_the_branches_of_the_walkthrough() -> None:
    branches = {c: sorted(starting_branches(c, "kalypso", URL)) for c in REPOSITORY_CONTENTS}
    assert branches == {
        "control-plane": ["dev", "main", "stage"],
        "gitops": ["dev", "stage"],
        "app-src": ["dev-configs", "main", "stage-configs"],
        "app-gitops": ["dev", "stage"],
        "svc-src": ["main"],
        "svc-gitops": ["dev", "stage"],
    }


@pytest.mark.parametrize(
    ("content", "branch"), [("control-plane", "main"), ("gitops", "dev"), ("svc-src", "main")]
)
def test_a_clone_checks_out_what_people_edit(content: str, branch: str) -> None:
    assert default_branch(starting_branches(content, "kalypso", URL)) == branch


@pytest.mark.parametrize("environment", ["dev", "stage"])
def test_an_environment_starts_at_the_commit_of_main(environment: str) -> None:
    branches = starting_branches("control-plane", "kalypso", URL)
    base = branches[environment].files["base-repo.yaml"].decode()
    assert branches["main"].commit in base
    assert "0" * 40 not in base


@pytest.mark.parametrize("content", REPOSITORY_CONTENTS)
def test_another_prefix_and_address_are_written_everywhere(content: str) -> None:
    for branch in starting_branches(content, "acme", "https://git.example.com/").values():
        text = b"\n".join(branch.files.values())
        assert b"127.0.0.1:3180" not in text
        assert b"example.com/kalypso-" not in text
    base = starting_branches("control-plane", "acme", "https://git.example.com/")["dev"]
    assert b"https://git.example.com/acme-control-plane" in base.files["base-repo.yaml"]


def test_what_tools_leave_in_the_folder_is_no_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = starting_branches("app-src", "kalypso", URL)["main"].commit
    shutil.copytree(starting_content.SAMPLE / "app-src", tmp_path / "app-src")
    for name in ("__pycache__/x.pyc", ".mypy_cache/x.db", "chart/.DS_Store"):
        path = tmp_path / "app-src" / "main" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("left by a tool")
    monkeypatch.setattr(starting_content, "SAMPLE", tmp_path)
    assert starting_branches("app-src", "kalypso", URL)["main"].commit == before


def test_a_clone_without_the_sample_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting_content, "SAMPLE", tmp_path)
    with pytest.raises(SourceError, match="the sample has no folder gitops"):
        starting_branches("gitops", "kalypso", URL)
