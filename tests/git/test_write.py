"""Writing commits and moving refs: repeatable ids, nothing lost, nobody overrun."""

from pathlib import Path

import pytest

from kalypso.errors import DeliveryError
from kalypso.git.history import (
    changes_between,
    is_ancestor,
    merge_base,
    read_commit,
    unified_diff,
)
from kalypso.git.objects import blob_id, commit_id, tree_id
from kalypso.git.read import read_tree
from kalypso.git.refs import all_refs
from kalypso.git.write import (
    NO_COMMIT,
    RefMoved,
    RefUpdate,
    create_repository,
    update_refs,
    write_commit,
)
from tests.git.conftest import SIGNATURE, Repository


def test_the_same_input_gives_the_same_commit(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "two"):
        repository = Repository(tmp_path / name)
        ids.add(repository.commit("main", {"a/b": b"1", "c": b"2"}, message="first\n"))
    # As `git commit-tree` names this tree, author and text.
    assert ids == {"6dbb54999a16c97ca92b9074be5a5002869c62e4"}


def test_an_unchanged_path_is_kept_and_a_removed_one_goes(repository: Repository) -> None:
    first = repository.commit("main", {"keep": b"1", "gone": b"2", "old": b"3"})
    repository.commit("main", {"gone": None, "old": b"4", "new": b"5"}, first)
    assert read_tree(repository.name, "main").files == {"keep": b"1", "new": b"5", "old": b"4"}


def test_a_folder_may_take_the_place_of_a_file_and_back(repository: Repository) -> None:
    first = repository.commit("main", {"a": b"file"})
    second = repository.commit("main", {"a": None, "a/b": b"in folder"}, first)
    assert read_tree(repository.name, "main").files == {"a/b": b"in folder"}
    repository.commit("main", {"a": b"file", "a/b": None}, second)
    assert read_tree(repository.name, "main").files == {"a": b"file"}


def test_text_of_files_and_messages_cannot_add_commands(repository: Repository) -> None:
    text = b"x\nD keep\nreset refs/heads/main\n"
    repository.commit("main", {"keep": text, 'a"\\b': b"1"}, message="one\ndata 3\nreset x\n")
    assert read_tree(repository.name, "main").files == {"keep": text, 'a"\\b': b"1"}
    assert list(all_refs(repository.folder)) == ["refs/heads/main"]


def test_a_commit_says_who_when_and_why(repository: Repository) -> None:
    message = "Update\n\nBecause.\n\nKalypso-Environment: dev\nKalypso-Content: 12\n"
    first = repository.commit("main", {"a": b"1"})
    commit = read_commit(repository.folder, repository.commit("main", {"a": b"2"}, first, message))
    assert commit.parents == (first,)
    assert commit.seconds == 1_700_000_000
    assert commit.trailers == {"Kalypso-Environment": "dev", "Kalypso-Content": "12"}


def test_a_merge_has_both_parents(repository: Repository) -> None:
    one = repository.commit("one", {"a": b"1"})
    two = repository.commit("two", {"b": b"2"}, "")
    merge = write_commit(
        repository.folder, parents=[one, two], changes={"b": b"2"}, message="m\n",
        signature=SIGNATURE,
    )  # fmt: skip
    assert read_commit(repository.folder, merge).parents == (one, two)


def test_ids_are_known_without_a_repository(repository: Repository) -> None:
    files = {"a/x": b"1", "a.b": b"2", "a-b": b"3", "a/y/z": b"", "ü": b"\xff"}
    commit = repository.commit("main", {**files}, message="first\n\nbody\n")
    assert commit_id(tree_id(files), [], "first\n\nbody\n", SIGNATURE) == commit
    assert read_commit(repository.folder, commit).tree == tree_id(files)


def test_the_id_of_an_empty_file_is_the_one_that_git_prints() -> None:
    assert blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert tree_id({}) == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.mark.parametrize("seen", ["elsewhere", "nowhere"])
def test_a_ref_that_moved_meanwhile_is_left_where_it_is(repository: Repository, seen: str) -> None:
    first = repository.commit("main", {"a": b"1"})
    second = repository.commit("main", {"a": b"2"}, first)
    other = repository.commit("other", {"a": b"3"}, "")
    old = other if seen == "elsewhere" else NO_COMMIT
    with pytest.raises(RefMoved, match="moved"):
        update_refs(repository.folder, [RefUpdate("refs/heads/main", old, other)])
    assert all_refs(repository.folder)["refs/heads/main"] == second


def test_a_ref_that_vanished_meanwhile_is_not_made_again(repository: Repository) -> None:
    first = repository.commit("main", {"a": b"1"})
    with pytest.raises(RefMoved):
        update_refs(repository.folder, [RefUpdate("refs/heads/gone", first, first)])
    assert list(all_refs(repository.folder)) == ["refs/heads/main"]


def test_refs_move_together_or_not_at_all(repository: Repository) -> None:
    first = repository.commit("main", {"a": b"1"})
    second = repository.commit("other", {"a": b"2"}, "")
    updates = [
        RefUpdate("refs/heads/main", first, second),
        RefUpdate("refs/heads/other", first, NO_COMMIT),
    ]
    with pytest.raises(RefMoved):
        update_refs(repository.folder, updates)
    assert all_refs(repository.folder) == {"refs/heads/main": first, "refs/heads/other": second}


def test_a_repository_that_is_there_is_not_made_anew(repository: Repository) -> None:
    commit = repository.commit("main", {"a": b"1"})
    create_repository(repository.folder, branch="main")
    assert all_refs(repository.folder) == {"refs/heads/main": commit}


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeliveryError, match="unwritable-folder"):
        create_repository(tmp_path / "file" / "repository.git", branch="main")


def test_writing_on_a_parent_that_is_not_there_is_an_error(repository: Repository) -> None:
    with pytest.raises(DeliveryError, match="unwritable-repository"):
        repository.commit("main", {"a": b"1"}, "0123456789012345678901234567890123456789")
    assert all_refs(repository.folder) == {}


def test_histories_tell_what_they_share(repository: Repository) -> None:
    first = repository.commit("main", {"a": b"1"})
    second = repository.commit("main", {"a": b"2"}, first)
    stranger = repository.commit("other", {"b": b"1"}, "")
    assert is_ancestor(repository.folder, first, second)
    assert not is_ancestor(repository.folder, second, first)
    assert merge_base(repository.folder, second, stranger) is None


def test_changes_between_commits_name_every_path(repository: Repository) -> None:
    first = repository.commit("main", {"a": b"1", "gone": b"2", "same": b"3"})
    second = repository.commit("main", {"a": b"4", "gone": None, "new": b"5"}, first)
    changes = changes_between(repository.folder, first, second)
    assert list(changes) == ["a", "gone", "new"]
    assert changes["gone"] is None
    assert "-1\n" in unified_diff(repository.folder, first, second)
