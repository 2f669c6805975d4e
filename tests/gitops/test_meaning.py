"""Files that mean the same are equal to `--ignore-format`, and no others are."""

from __future__ import annotations

import pytest

from kalypso.gitops import written_alike

OURS = "a:\n    b: 1\n    c: text\n"


def equal(path: str, present: str, ours: str = OURS) -> bool:
    return written_alike({path: present.encode()}, {path: ours})[path] == ours.encode()


@pytest.mark.parametrize(
    "present",
    [
        OURS,
        "a:\n  b: 1\n  c: text\n",
        "a: {c: 'text', b: 1}",
        "# by the operator\na:\n  c: text\n  b: 1\n---\n",
        '{"a": {"b": 1, "c": "text"}}\n',
    ],
)
def test_the_same_in_other_words_is_equal(present: str) -> None:
    assert equal("large/app/config.yaml", present)


@pytest.mark.parametrize(
    "present",
    [
        "a:\n  b: '1'\n  c: text\n",
        "a:\n  b: 1.0\n  c: text\n",
        "a:\n  b: true\n  c: text\n",
        "a:\n  b: 1\n",
        "a:\n  b: 1\n  c: text\nd: e\n",
        "- a\n",
        "",
        "a: [not YAML\n",
        "a:\n  b: 1\n  c: text\n---\nmore: documents\n",
    ],
)
def test_what_means_something_else_is_not(present: str) -> None:
    assert not equal("large/app/config.yaml", present)


def test_a_file_that_is_no_yaml_may_differ_in_its_last_line_end_only() -> None:
    assert equal("large/README.md", "This folder", "This folder\n")
    assert not equal("large/README.md", "This  folder", "This folder\n")
    assert not equal("large/app/config.sh", "export A=1\n", "export A=2\n")


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    assert written_alike({"a.yaml": b"\xff"}, {"a.yaml": OURS}) == {"a.yaml": b"\xff"}


def test_files_that_only_the_branch_has_stay_as_they_are() -> None:
    assert written_alike({"by-hand.yaml": b"a:  1\n"}, {}) == {"by-hand.yaml": b"a:  1\n"}


def test_what_differs_is_written_alike_so_that_a_patch_shows_the_difference_only() -> None:
    present = {"c.yaml": b"a:\n  c: text\n  b: 2\n"}
    assert written_alike(present, {"c.yaml": OURS}) == {"c.yaml": b"a:\n    b: 2\n    c: text\n"}


def test_a_text_that_a_template_wrote_keeps_the_form_of_the_branch() -> None:
    present = {"c.yaml": b"a:\n  b: 2\n"}
    assert written_alike(present, {"c.yaml": "a: {b: 1}\n"}) == present
