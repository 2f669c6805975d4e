"""What `.kalypso-silence` silences: a code, in the files that a pattern names."""

import pytest

from kalypso.advice.silence import Rule, audible, read_rules
from kalypso.errors import Collector, Position, Problem
from kalypso.model import Source

WARNING = Problem(
    "unused-policy", "it selects nothing", Position("dev:scheduling/a.yaml", 3), severity="warning"
)


def rules(text: str) -> tuple[list[Rule], list[Problem]]:
    problems = Collector()
    found = read_rules(Source("dev:", {".kalypso-silence": text.encode()}), problems)
    return found, list(problems.errors)


@pytest.mark.parametrize(
    ("line", "silent"),
    [
        ("unused-policy", True),
        ("unused-policy scheduling/a.yaml", True),
        ("unused-policy scheduling/*", True),
        ("unused-policy *.yaml  # they come later", True),
        ("unused-policy scheduling/b.yaml", False),
        ("unused-policy configs/*", False),
        ("unused-policy a.yml", False),
        ("unused-schema scheduling/a.yaml", False),
        ("# unused-policy", False),
    ],
)
def test_a_line_silences_its_code_in_the_files_of_its_pattern(line: str, silent: bool) -> None:  # noqa: FBT001 - a column
    found, errors = rules(f"\n{line}\n")
    assert errors == []
    assert audible([WARNING], found) == ([] if silent else [WARNING])


def test_a_line_of_three_words_is_an_error_at_its_place() -> None:
    found, errors = rules("unused-policy\nunused-policy a.yaml b.yaml\n")
    assert found == [Rule("unused-policy", "*")]
    assert [(str(each.at), each.code) for each in errors] == [
        ("dev:.kalypso-silence:2:1", "bad-silence")
    ]


def test_a_code_that_no_problem_has_is_a_warning_with_the_nearest() -> None:
    problems = Collector()
    text = b"policy-covered\npolcy-covered  # later\nqqqqq\n"
    read_rules(Source("dev:", {".kalypso-silence": text}), problems)
    assert [(each.at.line, each.code, each.hint) for each in problems.warnings] == [
        (2, "unknown-code", "did you mean policy-covered?"),
        (3, "unknown-code", "`kalypso explain CODE` knows all of them"),
    ]


def test_without_the_file_everything_is_heard() -> None:
    assert read_rules(Source("dev:", {}), Collector()) == []
    assert audible([WARNING], []) == [WARNING]
