"""Trees are written once, compared by what differs, and held against `git gc`."""

from pathlib import Path
from typing import Any

import pytest

from kalypso.errors import DeliveryError, SourceError
from kalypso.git import trees, write
from kalypso.git.blobs import blob_sizes, keep_blob, kept_blob, read_blobs
from kalypso.git.objects import tree_id
from kalypso.git.refs import all_refs
from kalypso.git.run import git
from kalypso.git.trees import (
    Sides,
    copy_tree,
    differing,
    differs_at,
    file_in,
    files_in,
    folders_in,
    has_object,
    hold_tree,
    id_of,
    missing_objects,
    paths_in,
    tree_of,
    tree_with,
    write_tree,
)
from kalypso.git.write import Entry, create_repository

ONE = "d00491fd7e5bb6fa28c517a0bb32b8b506539d4d"
"""What git calls a file with `1` and a line break."""
FILES = {"README.md": b"top\n", "drone/a.yaml": b"1\n", "drone/b/c.yaml": b"2\n", "large/d": b"3\n"}
KEEP = "refs/kalypso/manifests/dev"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_repository(tmp_path / "one.git", branch="main")
    return tmp_path / "one.git"


def test_a_tree_is_the_one_that_git_would_make(folder: Path) -> None:
    tree = write_tree(folder, FILES)
    assert tree == tree_id(FILES)
    assert files_in(folder, tree) == FILES
    assert paths_in(folder, tree) == sorted(FILES)
    assert folders_in(folder, tree) == ["drone", "large"]


def test_no_files_are_the_empty_tree(folder: Path) -> None:
    assert write_tree(folder, {}) == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def test_a_tree_like_another_one_is_the_same_tree(folder: Path) -> None:
    hold_tree(folder, write_tree(folder, FILES), KEEP)
    other = {**FILES, "drone/a.yaml": b"changed\n", "new/x": b"x"}
    del other["large/d"]
    assert write_tree(folder, other, like=KEEP) == tree_id(other)
    assert write_tree(folder, FILES, like="refs/kalypso/manifests/none") == tree_id(FILES)


def test_a_file_may_take_the_place_of_a_folder(folder: Path) -> None:
    hold_tree(folder, write_tree(folder, FILES), KEEP)
    other = {"drone": b"a file now\n"}
    assert write_tree(folder, other, like=KEEP) == tree_id(other)


def test_a_tree_changes_where_it_is_told_and_no_ref_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = write_tree(folder, FILES)
    changes = {"README.md": None, "drone": Entry("100644", ONE), "large/e": b"1\n", "gone": None}
    after = {"drone": b"1\n", "large/d": b"3\n", "large/e": b"1\n"}
    assert tree_with(folder, tree, changes) == tree_id(after)
    assert tree_with(folder, tree, dict.fromkeys(FILES)) == tree_id({})
    assert tree_with(folder, tree, {}) == tree
    assert git("for-each-ref", repository=folder) == b""
    started: list[str] = []

    def noted(*arguments: str, **options: Any) -> bytes:
        started.append(arguments[0])
        return git(*arguments, **options)

    for module in (trees, write):
        monkeypatch.setattr(module, "git", noted)
    assert tree_with(folder, tree, {**changes, "large/e": b"2\n"}) != tree
    assert started == ["fast-import"]


def test_only_what_differs_is_named(folder: Path) -> None:
    before = write_tree(folder, FILES)
    after = tree_with(folder, before, {"drone/a.yaml": b"new\n", "large/d": None, "e": b"1\n"})
    found = differing(folder, before, after)
    assert list(found) == ["drone/a.yaml", "e", "large/d"]
    assert found["e"] == Sides(None, Entry("100644", ONE))
    assert found["large/d"].after is None
    assert differs_at(folder, before, after, "e")
    assert not differs_at(folder, before, after, "README.md")


def test_permissions_and_what_is_not_a_file_do_not_count(folder: Path) -> None:
    listed = "\n".join(
        [f"100755 blob {ONE}\ta", f"120000 blob {ONE}\tlink", f"160000 commit {'1' * 40}\tmodule"]
    )
    odd = git("mktree", "--missing", repository=folder, stdin=f"{listed}\n".encode())
    plain = write_tree(folder, {"a": b"1\n"})
    assert differing(folder, odd.decode().strip(), plain) == {}


def test_a_file_in_the_place_of_a_link_is_new(folder: Path) -> None:
    plain = write_tree(folder, {"a": b"1\n"})
    odd = git("mktree", repository=folder, stdin=f"120000 blob {ONE}\ta\n".encode())
    assert differing(folder, odd.decode().strip(), plain) == {
        "a": Sides(None, Entry("100644", ONE))
    }


def test_huge_files_count_as_absent(folder: Path) -> None:
    before = write_tree(folder, {"huge": b"\0" * (16 * 1024 * 1024 + 1), "b": b"1\n"})
    assert list(differing(folder, before, write_tree(folder, {}))) == ["b"]


def test_a_file_is_read_by_its_path(folder: Path) -> None:
    tree = write_tree(folder, FILES)
    assert file_in(folder, tree, "drone/b/c.yaml") == b"2\n"
    assert file_in(folder, tree, "drone") is None
    assert file_in(folder, tree, "none") is None


def test_contents_are_read_in_the_order_that_was_asked_for(folder: Path) -> None:
    write_tree(folder, FILES)
    two = id_of(b"2\n")
    assert read_blobs(folder, [two, ONE, two]) == [b"2\n", b"1\n", b"2\n"]
    assert blob_sizes(folder, [two, "1" * 40]) == {two: 2}
    with pytest.raises(SourceError, match="is missing"):
        read_blobs(folder, ["1" * 40])


def test_ids_of_what_a_path_shall_hold(folder: Path) -> None:
    del folder
    assert [id_of(b"1\n"), id_of(Entry("100644", ONE)), id_of(None)] == [ONE, ONE, ""]


def test_a_tree_that_is_missing_is_an_error_and_not_an_empty_one(folder: Path) -> None:
    tree = write_tree(folder, FILES)
    for read in (paths_in, folders_in, tree_of):
        with pytest.raises(SourceError):
            read(folder, "1" * 40)
    with pytest.raises(SourceError):
        differing(folder, tree, "1" * 40)
    assert missing_objects(folder, [tree, "1" * 40]) == {"1" * 40}
    assert not has_object(folder, "1" * 40)


def test_what_is_held_outlives_gc_and_the_rest_does_not(folder: Path) -> None:
    held, left = write_tree(folder, FILES), write_tree(folder, {"x": b"left\n"})
    hold_tree(folder, held, KEEP)
    hold_tree(folder, held, KEEP)
    git("gc", "--quiet", "--prune=now", repository=folder)
    assert files_in(folder, held) == FILES
    assert not has_object(folder, left)


def test_what_a_run_keeps_is_no_content_of_a_repository(folder: Path) -> None:
    hold_tree(folder, write_tree(folder, FILES), KEEP)
    keep_blob(folder, "refs/kalypso/wording/dev", b"words")
    assert all_refs(folder) == {}


def test_a_tree_is_copied_with_everything_in_it(folder: Path, tmp_path: Path) -> None:
    create_repository(tmp_path / "two.git", branch="main")
    tree = write_tree(folder, FILES)
    copy_tree(folder, tmp_path / "two.git", tree)
    assert files_in(tmp_path / "two.git", tree) == FILES
    with pytest.raises(SourceError):
        copy_tree(folder, tmp_path / "two.git", "1" * 40)


def test_content_that_no_tree_has_is_kept_by_a_ref(folder: Path) -> None:
    assert kept_blob(folder, "refs/kalypso/wording/dev") is None
    keep_blob(folder, "refs/kalypso/wording/dev", b"first")
    keep_blob(folder, "refs/kalypso/wording/dev", b"second")
    git("gc", "--quiet", "--prune=now", repository=folder)
    assert kept_blob(folder, "refs/kalypso/wording/dev") == b"second"


def test_a_repository_that_takes_no_writes_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="cannot be written"):
        write_tree(tmp_path / "nowhere", FILES)
    with pytest.raises(DeliveryError, match="cannot be written"):
        keep_blob(tmp_path / "nowhere", KEEP, b"x")
