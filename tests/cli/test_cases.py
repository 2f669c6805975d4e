"""Every ``*.case`` file: the arguments of a command above the markers, what it does below."""

from pathlib import Path

import pytest

from tests.cli.cases import CASES, actual

FILES = sorted(CASES.rglob("*.case"))


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.stem)
def test_command_prints_what_its_case_shows(case: Path) -> None:
    assert actual(case) == case.read_text(encoding="utf-8")


def test_a_third_of_the_cases_are_faults() -> None:
    faults = [case for case in FILES if not case.read_text().endswith("-- exit 0 --\n")]
    assert len(faults) * 3 >= len(FILES)


def test_every_question_has_a_case_that_fails() -> None:
    failing = {case.parent.name for case in FILES if "-- exit 2 --" in case.read_text()}
    assert failing == {case.parent.name for case in FILES}
