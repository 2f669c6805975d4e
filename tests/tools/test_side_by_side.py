"""Tests that run side by side stay with those that they share something with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from xdist.remote import Producer

from tests.support.side_by_side import TogetherByFile, group


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


class Process:
    """One of those that run tests; it notes which it is given."""

    shutting_down = False
    gateway = SimpleNamespace(id="gw0", spec=None)

    def __init__(self) -> None:
        self.given: list[int] = []

    def shutdown(self) -> None:
        self.shutting_down = True

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.given += numbers


def test_what_comes_first_is_given_out_first_however_many_tests_come_after_it() -> None:
    tests = ["tests/docs/test_tutorial.py::test_a", *(f"tests/b.py::test_{n}" for n in range(9))]
    options = SimpleNamespace(loadscopereorder=True)
    config: Any = SimpleNamespace(option=options, getvalue=lambda _: ["2*popen"])
    scheduler, processes = (
        TogetherByFile(config, Producer("x", enabled=False)),
        [Process(), Process()],
    )
    for process in processes:
        scheduler.add_node(cast("Any", process))
        scheduler.add_node_collection(cast("Any", process), tests)
    scheduler.schedule()
    assert [process.given for process in processes] == [[0], list(range(1, 10))]
