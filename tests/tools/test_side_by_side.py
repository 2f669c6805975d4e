"""Tests that run side by side stay with those that they share something with."""

import pytest

from tests.support.side_by_side import group


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("tests/model/test_names.py::test_a[b::c]", "tests/model/test_names.py"),
        ("tests/forge/test_review.py::test_a[local]", "tests/forge/test_review.py::test_a[local]"),
        ("tests/engine/test_walkthrough.py::test_a", "tests/engine/test_walkthrough.py"),
        ("tests/engine/test_killed.py::test_a", "tests/engine/test_killed.py::test_a"),
    ],
    ids=["fast", "slow", "slow with a fixture of its module", "slow with copies"],
)
def test_a_file_stays_together_unless_its_tests_take_long(test: str, expected: str) -> None:
    assert group(test) == expected
