"""What is known of refs without starting git: where a branch is, and which refs there are."""

import zlib
from pathlib import Path
from unittest.mock import Mock

import pytest

from kalypso.git import refs
from kalypso.git.cache import _has_ref
from kalypso.git.loose import commit_of_ref, has_commit_ref, loose_refs
from tests.git.conftest import ELSEWHERE, Repository, git


def test_a_branch_with_a_file_of_its_own_is_found_without_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("deployment/dev", {"a": b"1"})
    assert refs.resolve(repository.name, "deployment/dev") == commit
    assert started == []


def test_a_packed_branch_is_found_and_one_that_moved_since_is_where_it_is(
    repository: Repository,
) -> None:
    first = repository.commit("dev", {"a": b"1"})
    git(repository, "pack-refs", "--all")
    assert commit_of_ref(repository.folder, "refs/heads/dev") is None
    assert refs.resolve(repository.name, "dev") == first
    second = repository.commit("dev", {"a": b"2"}, first)
    assert refs.resolve(repository.name, "dev") == second


def test_a_branch_that_names_another_one_is_left_to_git(repository: Repository) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    git(repository, "symbolic-ref", "refs/heads/main", "refs/heads/dev")
    assert commit_of_ref(repository.folder, "refs/heads/main") is None
    assert refs.resolve(repository.name, "main") == commit


@pytest.mark.parametrize("content", ["", "0" * 39, "0" * 41, "G" * 40, f"{ELSEWHERE} {ELSEWHERE}"])
def test_what_is_not_a_commits_id_is_left_to_git(repository: Repository, content: str) -> None:
    (repository.folder / "refs/heads/dev").write_text(content)
    assert commit_of_ref(repository.folder, "refs/heads/dev") is None


def test_a_link_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(ELSEWHERE)
    (repository.folder / "refs/heads/dev").symlink_to(tmp_path / "secret")
    assert commit_of_ref(repository.folder, "refs/heads/dev") is None


def test_a_tag_is_left_to_git_unless_it_names_a_commit(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    git(repository, "update-ref", "refs/tags/light", commit)
    git(repository, "update-ref", "refs/tags/file", git(repository, "rev-parse", "dev:a"))
    git(repository, "-c", "user.name=A", "-c", "user.email=a@b", "tag", "-m", "1", "v1", commit)
    named = [
        commit_of_ref(repository.folder, f"refs/tags/{each}") for each in ("light", "file", "v1")
    ]
    assert named == [commit, None, None]
    assert refs.resolve(repository.name, "refs/tags/light") == commit
    assert started == []
    assert refs.resolve(repository.name, "refs/tags/v1") == commit
    assert started == ["for-each-ref"]


def test_a_branch_that_is_not_there_is_known_without_git(
    repository: Repository, started: list[str]
) -> None:
    repository.commit("dev", {"a": b"1"})
    assert [refs.resolve(repository.name, each) for each in ("de", "refs/tags/dev")] == [None, None]
    assert started == []
    git(repository, "pack-refs", "--all")
    assert refs.resolve(repository.name, "de") is None
    assert started == ["for-each-ref"]


def test_a_branch_that_is_only_at_the_origin_or_a_tag_is_left_to_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    git(repository, "update-ref", "refs/remotes/origin/stage", commit)
    git(repository, "-c", "user.name=A", "-c", "user.email=a@b", "tag", "-m", "1", "v1", commit)
    assert [refs.resolve(repository.name, each) for each in ("stage", "v1")] == [commit, commit]
    assert started == ["for-each-ref"] * 2


def test_all_refs_are_known_without_git(repository: Repository, started: list[str]) -> None:
    dev = repository.commit("dev", {"a": b"1"})
    work = repository.commit("work/1.2", {"a": b"2"}, "")
    tree = git(repository, "rev-parse", "--verify", "dev^{tree}")
    for ref, named in (("tags/v1", tree), ("kalypso/whole/1", dev), ("heads/a+b@c", work)):
        git(repository, "update-ref", f"refs/{ref}", named)
    found = refs.all_refs(repository.folder)
    assert found == {
        "refs/heads/a+b@c": work,
        "refs/heads/dev": dev,
        "refs/heads/work/1.2": work,
        "refs/tags/v1": tree,
    }
    assert list(found) == sorted(found)
    assert started == []


def test_refs_of_which_some_are_packed_are_left_to_git(
    repository: Repository, started: list[str]
) -> None:
    dev = repository.commit("dev", {"a": b"1"})
    git(repository, "pack-refs", "--all")
    stage = repository.commit("stage", {"a": b"2"})
    assert refs.all_refs(repository.folder) == {"refs/heads/dev": dev, "refs/heads/stage": stage}
    assert started == ["for-each-ref"]


def test_a_ref_that_is_written_just_now_is_where_it_was(repository: Repository) -> None:
    dev = repository.commit("dev", {"a": b"1"})
    (repository.folder / "refs/heads/dev.lock").write_text(ELSEWHERE)
    assert loose_refs(repository.folder) == {"refs/heads/dev": dev}


ODD = {
    "empty": ("refs/heads/x", ""),
    "names another one": ("refs/heads/x", "ref: refs/heads/dev\n"),
    "names nothing": ("refs/heads/x", f"{'0' * 40}\n"),
    "longer than an id": ("refs/heads/x", f"{ELSEWHERE} {ELSEWHERE}\n"),
    "a name with a space": ("refs/heads/x y", f"{ELSEWHERE}\n"),
    "a hidden file": ("refs/heads/.x", f"{ELSEWHERE}\n"),
    "two dots": ("refs/heads/x..y", f"{ELSEWHERE}\n"),
    "a folder like a lock": ("refs/heads/x.lock/y", f"{ELSEWHERE}\n"),
    "right below": ("refs/x", "nothing\n"),
    "refs kept in another way": ("reftable/x", ""),
}


@pytest.mark.parametrize(("path", "content"), ODD.values(), ids=ODD)
def test_refs_among_which_is_something_odd_are_left_to_git(
    repository: Repository, path: str, content: str
) -> None:
    repository.commit("dev", {"a": b"1"})
    file = repository.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    assert loose_refs(repository.folder) is None


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_a_link_among_refs_is_not_followed(repository: Repository, linked: str) -> None:
    repository.commit("dev/a", {"a": b"1"})
    place = {"file": "refs/heads/dev/a", "folder": "refs/heads/dev"}[linked]
    (repository.folder / "refs/tags/x").symlink_to(repository.folder / place)
    assert loose_refs(repository.folder) is None


def test_refs_of_a_folder_that_may_not_be_read_are_left_to_git(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("dev", {"a": b"1"})
    monkeypatch.setattr("os.scandir", Mock(side_effect=PermissionError(13, "Permission denied")))
    assert loose_refs(repository.folder) is None


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
