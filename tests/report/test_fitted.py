"""Lines fit a width: between words, never inside a word or a piece of code."""

from __future__ import annotations

import pytest

from kalypso.report import terminal
from kalypso.report.fitted import aligned, fitted_text

COMMAND = "`kalypso pr show 1 -r shop`"


def test_what_is_left_of_a_line_begins_deeper_than_the_line() -> None:
    assert fitted_text("one two three\n    four five six", 9) == (
        "one two\n  three\n    four\n      five\n      six"
    )


def test_a_command_is_not_broken_and_stays_as_it_is() -> None:
    assert fitted_text(f"look at it with {COMMAND} now", 30) == (
        f"look at it with\n  {COMMAND}\n  now"
    )


@pytest.mark.parametrize(
    "text",
    ["", "  ", "a", "a" * 50, f"  {'a' * 50}", "\n\n", "`open, and never closed again, at all"],
)
def test_no_text_is_lost(text: str) -> None:
    assert fitted_text(text, 10).split() == text.split()
    assert fitted_text(text, 0) == text


def test_a_column_is_as_wide_as_its_longest_command() -> None:
    rows = [["a b c d", COMMAND]]
    assert aligned(rows, 10) == [[f"a   {COMMAND}", "b", "c", "d"]]


TABLE = f"""\
| name | image |
| --- | --- |
| app | {"x" * 40} |
| web | none at all |
"""


def test_a_table_that_cannot_fit_is_shown_row_by_row() -> None:
    assert terminal(TABLE, 30) == (
        f"name   app\nimage\n       {'x' * 40}\n\nname   web\nimage  none at all"
    )


def test_a_table_that_can_fit_stays_one() -> None:
    assert terminal(TABLE, 60).splitlines()[0] == "name  image"
    assert terminal(TABLE).splitlines()[0] == "name  image"


def test_what_is_left_of_an_indented_line_stays_part_of_it() -> None:
    assert terminal("See:\n\n    one two three four", 16) == (
        "See:\n\n    one two\n        three\n        four"
    )
