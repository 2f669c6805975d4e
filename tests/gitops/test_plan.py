"""What a delivery does to the branch: what is owned, what changes, and what is left alone."""

from __future__ import annotations

import pytest

from kalypso.errors import Problems
from kalypso.gitops.plans import Change, assignments_in, plan
from kalypso.gitops.readme import OPERATOR_TEXT
from kalypso.gitops.tree import is_written_shape
from kalypso.model.provenance import TRACKING

README = OPERATOR_TEXT.encode()
WANTED = {"large/README.md": OPERATOR_TEXT, "large/app-test/reconciler.yaml": "a: b\n"}


def test_nothing_changes_where_the_branch_is_as_wanted() -> None:
    present = {path: text.encode() for path, text in WANTED.items()} | {"README.md": b"hello"}
    result = plan(present, WANTED)
    assert result.changes == ()
    assert dict(result.files) == present


def test_changes_are_sorted_and_hold_both_contents() -> None:
    present = {
        "large/README.md": README,
        "large/app-test/reconciler.yaml": b"a: old\n",
        "large/gone/namespace.yaml": b"n\n",
    }
    result = plan(present, {**WANTED, "large/new/config.yaml": "c\n"})
    assert result.changes == (
        Change("large/app-test/reconciler.yaml", "changed", b"a: old\n", b"a: b\n"),
        Change("large/gone/namespace.yaml", "removed", old=b"n\n"),
        Change("large/new/config.yaml", "added", new=b"c\n"),
    )
    assert result.removed_assignments == ("large/gone",)
    assert result.present_assignments == ("large/app-test", "large/gone")


def test_the_folder_of_a_cluster_type_is_owned_whole() -> None:
    present = {"large/Makefile": b"all:", "large/app-test/deep/er.txt": b"x"}
    result = plan(present, WANTED)
    assert sorted(result.files) == sorted(WANTED)
    assert result.managed == frozenset(present)
    assert result.warnings == ()


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "CODEOWNERS",
        ".github/workflows/check.yaml",
        ".kalypso/reconciler.yaml",
        ".github/tracking/Promoted_Commit_Id",
        ".large/app-test/reconciler.yaml",
    ],
)
def test_root_files_and_folders_with_a_dot_are_left_alone(path: str) -> None:
    result = plan({path: b"theirs"}, WANTED)
    assert result.files[path] == b"theirs"
    assert path not in result.managed
    assert result.warnings == ()


def test_a_folder_of_ours_that_is_no_cluster_type_any_more_goes() -> None:
    present = {
        "old/README.md": b"any text",
        "old/app-test/reconciler.yaml": b"1",
        "old/app-test/namespace.sh": b"2",
        "old/app-test/config.yaml": b"3",
        "old/web-test/platform-config.sh": b"4",
    }
    assert sorted(plan(present, WANTED).files) == sorted(WANTED)


@pytest.mark.parametrize(
    "path",
    [
        "old/Makefile",
        "old/app-test/values.yaml",
        "old/app-test/reconciler.yml",
        "old/app-test/deep/reconciler.yaml",
        "old/reconciler.yaml",
        "old/app-test/README.md",
        "old/app-test/reconciler.yaml\n",
    ],
)
def test_a_folder_with_anything_else_in_it_stays_whole_and_is_told(path: str) -> None:
    present = {"old/README.md": README, path: b"theirs"}
    result = plan(present, WANTED, "gitops@dev")
    assert {path, "old/README.md"} <= result.files.keys()
    assert [str(warning) for warning in result.warnings] == [
        (
            "gitops@dev:old:1:1: warning: the folder 'old' is not a cluster type and holds other"
            " files: it is left alone [foreign-folder]"
        )
    ]


def test_the_tracking_file_is_ours_only_where_a_commit_is_named() -> None:
    present = {TRACKING: b"old"}
    assert plan(present, WANTED).files[TRACKING] == b"old"
    result = plan(present, {**WANTED, TRACKING: "new"})
    assert result.files[TRACKING] == b"new"
    assert result.changes[0] == Change(TRACKING, "changed", b"old", b"new")


def test_an_empty_branch_gets_everything() -> None:
    result = plan({}, WANTED)
    assert [change.kind for change in result.changes] == ["added", "added"]
    assert result.present_assignments == ()


def test_assignments_are_folders_two_deep_with_files_of_ours() -> None:
    paths = [
        "large/README.md",
        "large/app-test/reconciler.yaml",
        "large/app-test/config.sh",
        "small/web/namespace.yaml",
        "large/other/notes.txt",
        ".github/tracking/config.yaml",
    ]
    assert assignments_in(paths) == {"large/app-test", "small/web"}


def test_only_paths_that_the_scheduler_writes_have_its_shape() -> None:
    assert is_written_shape("a/README.md")
    assert is_written_shape("a/b/platform-config.sh")
    assert not is_written_shape("README.md")
    assert not is_written_shape("a/b/readme.md")
    assert not is_written_shape("a/b/c/config.yaml")


@pytest.mark.parametrize("path", ["Large/notes.txt", "LARGE", "Large"])
def test_what_differs_in_case_only_is_refused(path: str) -> None:
    with pytest.raises(Problems, match=r"'large' and 'L\w+' differ in case only.*\[case-twins\]"):
        plan({path: b""}, WANTED)


def test_twins_that_go_are_no_trouble() -> None:
    assert plan({"Large/README.md": README}, WANTED).changes


def test_shared_files_have_no_twins_either() -> None:
    present = {".github/codeowners": b"* @me\n"}
    with pytest.raises(Problems, match="case-twins"):
        plan(present, {**WANTED, ".github/CODEOWNERS": "/large/ @acme/platform\n"})
