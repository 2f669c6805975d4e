"""What is known without starting git: where a branch is, and what commits say."""

import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kalypso.git import cache, history, read, trees
from kalypso.git.cache import _has_ref
from kalypso.git.loose import has_commit_ref, loose_branch
from tests.git.conftest import Repository

ELSEWHERE = "0" * 39 + "1"


def git(repository: Repository, *arguments: str) -> str:
    command = ["git", "--git-dir", repository.name, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What git is started for from now on."""
    found: list[str] = []

    def noting(run: Callable[..., bytes]) -> Callable[..., bytes]:
        def noted(*arguments: str, **options: Any) -> bytes:
            found.append(arguments[0])
            return run(*arguments, **options)

        return noted

    for module in (cache, history, read, trees):
        monkeypatch.setattr(module, "git", noting(getattr(module, "git")))  # noqa: B009 - mypy: it is not exported
    return found


def test_a_branch_with_a_file_of_its_own_is_found_without_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("deployment/dev", {"a": b"1"})
    assert read.resolve(repository.name, "deployment/dev") == commit
    assert started == []


def test_a_commit_with_a_file_of_its_own_is_there_without_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    assert read.resolve(repository.name, commit) == commit
    assert started == []


def test_what_is_no_commit_or_in_a_pack_is_left_to_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    tree = git(repository, "rev-parse", "--verify", "dev^{tree}")
    assert [read.resolve(repository.name, each) for each in (tree, ELSEWHERE)] == [None, None]
    git(repository, "repack", "-a", "-d", "-q")
    assert read.resolve(repository.name, commit) == commit
    assert started == ["cat-file"] * 3


def test_a_packed_branch_is_found_and_one_that_moved_since_is_where_it_is(
    repository: Repository,
) -> None:
    first = repository.commit("dev", {"a": b"1"})
    git(repository, "pack-refs", "--all")
    assert loose_branch(repository.folder, "refs/heads/dev") is None
    assert read.resolve(repository.name, "dev") == first
    second = repository.commit("dev", {"a": b"2"}, first)
    assert read.resolve(repository.name, "dev") == second


def test_a_branch_that_names_another_one_is_left_to_git(repository: Repository) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    git(repository, "symbolic-ref", "refs/heads/main", "refs/heads/dev")
    assert loose_branch(repository.folder, "refs/heads/main") is None
    assert read.resolve(repository.name, "main") == commit


@pytest.mark.parametrize("content", ["", "0" * 39, "0" * 41, "G" * 40, f"{ELSEWHERE} {ELSEWHERE}"])
def test_what_is_not_a_commits_id_is_left_to_git(repository: Repository, content: str) -> None:
    (repository.folder / "refs/heads/dev").write_text(content)
    assert loose_branch(repository.folder, "refs/heads/dev") is None


def test_a_link_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(ELSEWHERE)
    (repository.folder / "refs/heads/dev").symlink_to(tmp_path / "secret")
    assert loose_branch(repository.folder, "refs/heads/dev") is None


def test_a_tag_is_left_to_git_which_looks_what_it_names(repository: Repository) -> None:
    git(repository, "update-ref", "refs/tags/v1", repository.commit("dev", {"a": b"1"}))
    assert loose_branch(repository.folder, "refs/tags/v1") is None


def test_a_commit_is_read_once_and_a_branch_each_time(
    repository: Repository, started: list[str]
) -> None:
    first = repository.commit("dev", {"a": b"1"})
    assert {history.read_commit(repository.folder, first).commit for _ in range(3)} == {first}
    tree = {trees.tree_of(repository.folder, first) for _ in range(3)}
    assert started == ["cat-file", "rev-parse"]
    before = history.read_commit(repository.folder, "dev")
    assert trees.tree_of(repository.folder, "dev") == before.tree
    second = repository.commit("dev", {"a": b"2"}, first)
    after = history.read_commit(repository.folder, "dev")
    assert (before.parents, after.parents) == ((), (first,))
    assert tree == {before.tree}
    assert trees.tree_of(repository.folder, "dev") == after.tree
    assert trees.tree_of(repository.folder, second) == after.tree


def test_a_commit_that_is_missing_is_looked_for_again(repository: Repository) -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="bad file"):
            history.read_commit(repository.folder, ELSEWHERE)


KEPT = "refs/kalypso/whole/1"


def keep(repository: Repository) -> Path:
    """Have a ref as the cache has them; return the file of the commit that it names."""
    commit = repository.commit("dev", {"a": b"1"})
    git(repository, "update-ref", KEPT, commit)
    return repository.folder / "objects" / commit[:2] / commit[2:]


def test_what_the_cache_has_and_what_it_lacks_is_known_without_git(
    repository: Repository, started: list[str]
) -> None:
    keep(repository)
    assert has_commit_ref(repository.folder, KEPT) is True
    assert has_commit_ref(repository.folder, "refs/kalypso/whole/2") is False
    assert [_has_ref(repository.folder, f"refs/kalypso/whole/{each}") for each in (1, 2)] == [
        True, False,
    ]  # fmt: skip
    assert started == []


def test_a_ref_of_the_cache_whose_commit_is_gone_is_not_there(repository: Repository) -> None:
    keep(repository).unlink()
    assert has_commit_ref(repository.folder, KEPT) is None
    assert not _has_ref(repository.folder, KEPT)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, zlib.compress(b"blob 4\0fine")],
    ids=["empty", "damaged", "file"],
)
def test_a_ref_of_the_cache_that_names_no_commit_is_left_to_git(
    repository: Repository, content: bytes
) -> None:
    file = keep(repository)
    file.chmod(0o644)
    file.write_bytes(content)
    assert has_commit_ref(repository.folder, KEPT) is None


def test_a_commit_among_many_in_a_pack_is_left_to_git(repository: Repository) -> None:
    keep(repository)
    git(repository, "repack", "-a", "-d", "-q")
    assert has_commit_ref(repository.folder, KEPT) is None
    assert _has_ref(repository.folder, KEPT)


def test_refs_that_are_packed_are_left_to_git(repository: Repository) -> None:
    keep(repository)
    git(repository, "pack-refs", "--all")
    assert has_commit_ref(repository.folder, KEPT) is None
    assert [_has_ref(repository.folder, ref) for ref in (KEPT, f"{KEPT}2")] == [True, False]


@pytest.mark.parametrize("left_by", ["reftable", KEPT])
def test_refs_that_are_kept_in_another_way_are_left_to_git(
    repository: Repository, left_by: str
) -> None:
    (repository.folder / left_by).mkdir(parents=True)
    assert has_commit_ref(repository.folder, KEPT) is None


def test_a_link_in_the_cache_is_not_followed(repository: Repository) -> None:
    file = keep(repository).rename(repository.folder / "elsewhere")
    commit = git(repository, "rev-parse", "--verify", "refs/heads/dev")
    (repository.folder / "refs/kalypso/whole/3").symlink_to(repository.folder / KEPT)
    assert has_commit_ref(repository.folder, "refs/kalypso/whole/3") is None
    (repository.folder / "objects" / commit[:2] / commit[2:]).symlink_to(file)
    assert has_commit_ref(repository.folder, KEPT) is None
