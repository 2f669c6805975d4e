"""Each promise of SECURITY.md names a test, and the tests are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text()
TESTS = re.compile(r"tests/[\w./*-]+")


def promises() -> list[str]:
    """Return the items that follow from what is trusted, and the rows about a team's repository."""
    first = TEXT.partition("each with the tests that hold it:")[2].partition("\n## ")[0]
    rows = TEXT.partition("| promise | held by |")[2].strip().splitlines()[1:]
    return [*re.split(r"^- ", first, flags=re.MULTILINE)[1:], *rows]


@pytest.mark.parametrize("promise", promises(), ids=lambda text: " ".join(str(text).split()[:6]))
def test_a_promise_names_tests_that_are_there(promise: str) -> None:
    named = TESTS.findall(promise)
    assert named, promise
    assert [each for each in named if not list(ROOT.glob(each))] == []


def test_there_are_promises() -> None:
    assert len(promises()) > 15
