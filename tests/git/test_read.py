"""Reading trees: exactly the files of a branch, or an error; never nothing in place of them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kalypso.errors import SourceError
from kalypso.git import read
from kalypso.git.read import read_tree
from kalypso.git.refs import all_refs, resolve
from kalypso.git.remote import Access
from kalypso.git.retry import Patience
from kalypso.git.write import Entry, create_repository
from tests.git.conftest import Repository

NOWHERE = "0123456789012345678901234567890123456789"


def test_a_branch_is_read_with_its_commit_and_all_files(repository: Repository) -> None:
    commit = repository.commit("main", {"a/b.yaml": b"x: 1\n", 'é "q".txt': b"\xff\x00", "e": b""})
    tree = read_tree(repository.name, "main")
    assert tree.commit == commit
    assert tree.files == {"a/b.yaml": b"x: 1\n", "e": b"", 'é "q".txt': b"\xff\x00"}
    assert not tree.skipped


def test_a_commit_is_read_where_the_branch_has_moved_on(repository: Repository) -> None:
    first = repository.commit("main", {"a": b"1"})
    repository.commit("main", {"a": b"2"}, first)
    assert read_tree(repository.name, first).files == {"a": b"1"}


def test_paths_are_relative_to_the_folder_that_was_asked_for(repository: Repository) -> None:
    repository.commit("main", {"app/deep/a": b"1", "other": b"2"})
    assert read_tree(repository.name, "main", "./app/").files == {"deep/a": b"1"}


def test_links_and_submodules_are_named_and_not_followed(repository: Repository) -> None:
    first = repository.commit("main", {"target": b"/etc/passwd"})
    blob = Entry("120000", "e43bba8d44ba6c9a6c0a4ac5fc2a6aabcb3c4c8b")
    with pytest.raises(Exception, match="repository cannot be written"):
        repository.commit("main", {"dangling": blob}, first)
    secret = repository.commit("other", {"passwd": b"/etc/passwd"})
    object_id = subprocess.run(
        ["git", "--git-dir", repository.name, "rev-parse", f"{secret}:passwd"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    repository.commit(
        "main", {"link": Entry("120000", object_id), "module": Entry("160000", first)}, first
    )
    tree = read_tree(repository.name, "main")
    assert tree.files == {"target": b"/etc/passwd"}
    assert tree.skipped == {"link": "a symbolic link", "module": "a submodule"}


def test_a_file_beyond_the_limit_is_named_and_not_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "LARGEST_FILE", 3)
    repository.commit("main", {"film": b"1234", "text": b"123"})
    tree = read_tree(repository.name, "main")
    assert tree.files == {"text": b"123"}
    assert list(tree.skipped) == ["film"]


def test_a_tree_beyond_the_limit_is_refused(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "LARGEST_TREE", 3)
    repository.commit("main", {"a": b"12", "b": b"34"})
    with pytest.raises(SourceError, match="too-large"):
        read_tree(repository.name, "main")


def test_the_git_folder_of_a_work_tree_is_found(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "init", "-q", "-b", "main", str(clone)], check=True)
    (clone / "a").write_text("committed")
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", "-C", str(clone), "add", "."], check=True)
    subprocess.run(["git", "-C", str(clone), *who, "commit", "-qm", "first"], check=True)
    (clone / "a").write_text("not committed")
    assert read_tree(str(clone), "main").files == {"a": b"committed"}


def test_a_branch_wins_over_a_tag_of_the_same_name(repository: Repository) -> None:
    old = repository.commit("old", {"a": b"tag"})
    subprocess.run(["git", "--git-dir", repository.name, "tag", "main", old], check=True)
    repository.commit("main", {"a": b"branch"})
    assert read_tree(repository.name, "main").files == {"a": b"branch"}
    assert read_tree(repository.name, "refs/tags/main").files == {"a": b"tag"}


def test_all_refs_are_listed_with_their_commits(repository: Repository) -> None:
    commit = repository.commit("main", {"a": b"1"})
    assert all_refs(repository.folder) == {"refs/heads/main": commit}


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no-repository"):
        read_tree(str(tmp_path / "nothing"), "main")


def test_a_folder_inside_a_repository_is_not_taken_for_it(repository: Repository) -> None:
    with pytest.raises(SourceError, match="is not a Git repository"):
        read_tree(str(repository.folder / "objects"), "main")


def test_a_branch_that_is_not_there_is_an_error(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    with pytest.raises(SourceError, match="has no branch dev"):
        read_tree(repository.name, "dev")


def test_the_case_of_a_branch_counts(repository: Repository) -> None:
    repository.commit("dev", {"a": b"1"})
    with pytest.raises(SourceError, match="no-branch"):
        read_tree(repository.name, "Dev")


def test_an_empty_repository_is_an_error(repository: Repository) -> None:
    with pytest.raises(SourceError, match="empty-repository"):
        read_tree(repository.name, "main")


def test_a_folder_that_is_not_in_the_tree_is_an_error(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    with pytest.raises(SourceError, match="there is no folder workload"):
        read_tree(repository.name, "main", "workload")


def test_a_file_is_no_folder(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    with pytest.raises(SourceError, match="no-folder"):
        read_tree(repository.name, "main", "a")


def test_a_commit_that_is_not_there_is_an_error(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    with pytest.raises(SourceError, match="has no commit 0123456789"):
        read_tree(repository.name, NOWHERE)


def test_the_id_of_a_file_is_no_commit(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    with pytest.raises(SourceError, match="no-branch"):
        read_tree(repository.name, "56a6051ca2b02b04ef92d5150c9ef600403cb1de")


def test_a_repository_without_its_objects_is_an_error(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    shutil.rmtree(repository.folder / "objects")
    (repository.folder / "objects").mkdir()
    with pytest.raises(SourceError, match="unreadable-repository"):
        read_tree(repository.name, "main")


def test_a_missing_file_content_is_an_error_and_not_an_empty_file(repository: Repository) -> None:
    repository.commit("main", {"a": b"1", "b": b"2"})
    (repository.folder / "objects/56/a6051ca2b02b04ef92d5150c9ef600403cb1de").unlink()
    with pytest.raises(SourceError, match="repository"):
        read_tree(repository.name, "main")


def test_a_damaged_object_is_an_error(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    path = repository.folder / "objects/56/a6051ca2b02b04ef92d5150c9ef600403cb1de"
    path.chmod(0o644)
    path.write_bytes(b"garbage")
    with pytest.raises(SourceError, match="repository"):
        read_tree(repository.name, "main")


def test_an_address_nobody_listens_on_is_an_error() -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_tree(
            "http://127.0.0.1:1/app",
            "main",
            access=Access(patience=Patience(attempts=1)),
        )


def test_resolving_gives_the_commit_or_none(repository: Repository) -> None:
    commit = repository.commit("main", {"a": b"1"})
    assert resolve(repository.name, "main") == commit
    assert resolve(repository.name, commit) == commit
    assert resolve(repository.name, "dev") is None
    assert resolve(repository.name, NOWHERE) is None


def test_resolving_in_a_missing_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no-repository"):
        resolve(str(tmp_path / "nothing"), "main")


def test_a_hook_of_the_repository_is_not_run(repository: Repository, tmp_path: Path) -> None:
    witness = tmp_path / "hook-ran"
    hook = repository.folder / "hooks" / "reference-transaction"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {witness}\n")
    hook.chmod(0o755)
    repository.commit("main", {"a": b"1"})
    assert read_tree(repository.name, "main").files == {"a": b"1"}
    assert not witness.exists()


def test_variables_of_a_surrounding_git_do_not_redirect_us(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("main", {"a": b"1"})
    create_repository(tmp_path / "other.git", branch="main")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other.git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "other.git/objects"))
    assert read_tree(repository.name, "main").files == {"a": b"1"}
