"""A problem says once how bad it is, whoever prints it."""

from __future__ import annotations

from kalypso.errors import LoadError, Position, Problem, Problems

ODD = Problem("odd", "it is odd", Position("a.yaml", 3, 5), "make it even", "warning")


def test_on_its_own_a_problem_says_whether_it_is_an_error() -> None:
    assert str(ODD) == "a.yaml:3:5: warning: it is odd [odd]\n  hint: make it even"


def test_below_a_log_that_says_so_it_is_without() -> None:
    assert ODD.without_severity == "a.yaml:3:5: it is odd [odd]\n  hint: make it even"


def test_of_several_errors_none_says_it_twice() -> None:
    first = LoadError("this is not YAML", Position("b.yaml", 1, 1), code="yaml-syntax")
    both = Problems([first.problem, ODD])
    assert both.without_severity.splitlines() == [
        "a.yaml:3:5: it is odd [odd]",
        "  hint: make it even",
        "b.yaml:1:1: this is not YAML [yaml-syntax]",
    ]


def test_nothing_in_a_text_is_obeyed_without_its_severity_either() -> None:
    planted = Problem("odd", "a\n::stop-commands::x\x1b[2J", Position("a", 1, 1))
    assert not set(planted.without_severity) & set("\n\x1b")
