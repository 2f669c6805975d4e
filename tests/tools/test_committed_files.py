"""What is committed was put there on purpose."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OVER = re.compile(r"\.(?:orig|rej|bak|swp|tmp|pyc)$|~$")


@pytest.mark.parametrize("name", ["a.py.orig", "a.rej", "a.py~", ".a.swp", "a.pyc"])
def test_what_merges_and_editors_leave_behind_is_known(name: str) -> None:
    assert LEFT_OVER.search(name)


def test_nothing_that_merges_and_editors_leave_behind_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert "pyproject.toml" in listed
    assert [name for name in listed if LEFT_OVER.search(name)] == []
