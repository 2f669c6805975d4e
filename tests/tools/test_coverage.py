"""All tests together have to reach nearly all of what an evaluation computes."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
COVERAGE = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]


def pytest_line(*arguments: str) -> str:
    """Return the line by which `make` would start pytest."""
    planned = subprocess.run(
        ["make", "-n", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    (line,) = (line for line in planned.splitlines() if "-m pytest" in line)
    return line


def test_the_whole_suite_measures_branches_and_fails_below_a_figure() -> None:
    assert " --cov " in pytest_line("test")
    assert COVERAGE["run"]["branch"] is True
    assert COVERAGE["report"]["fail_under"] >= 90


def test_a_part_of_the_suite_is_not_blamed_for_what_it_leaves_out() -> None:
    assert "--cov" not in pytest_line("test", "ARGS=tests/model")
    assert "--cov" not in pytest_line("quick")


def test_contributing_names_the_figure_and_the_rooms_that_are_measured() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text().split("### Coverage")[1].split("###")[0]
    (figure,) = re.findall(r"(\d+) percent of their lines and branches", page)
    assert int(figure) == COVERAGE["report"]["fail_under"]
    measured = [name.removeprefix("kalypso/") for name in COVERAGE["run"]["source"]]
    assert re.findall(r"`(\w+)`", page.split(": ")[1].split(".")[0]) == measured


def test_a_room_that_is_measured_exists() -> None:
    assert [name for name in COVERAGE["run"]["source"] if not (ROOT / name).is_dir()] == []
