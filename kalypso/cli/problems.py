"""How problems are printed: for people, for programs, and as annotations of a pull request."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Literal

import click

from kalypso.errors import Problem
from kalypso.harmless_text import harmless_json

Format = Literal["text", "json", "github"]
_COLOURS = {"error": "red", "warning": "yellow"}
COLOUR = ("auto", "always", "never")
"""When a run colours what it prints."""
_CHOSEN: ContextVar[bool | None] = ContextVar("colour", default=None)


MOST_SHOWN = 50
"""Problems that are shown as text; more than anybody reads."""
_OUTSIDE = frozenset({"busy", "github-answer", "moved", "unreachable"})
"""Codes of problems that no edit fixes and that a later try may not have."""


def choose_colour(choice: str, variables: Mapping[str, str]) -> bool | None:
    """Remember for this run when to colour.

    Returns:
        Whether to colour; None for wherever a person reads, which is click's own rule.
    """
    chosen = {"always": True, "never": False}.get(choice)
    if choice == "auto" and variables.get("NO_COLOR"):
        chosen = False
    _CHOSEN.set(chosen)
    return chosen


def exit_code(problems: Iterable[Problem]) -> int:
    """Return 3 if only the outside is to blame and a retry may help, else 2."""
    return 3 if all(problem.code in _OUTSIDE for problem in problems) else 2


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems on standard error, with colour where a person reads them."""
    shown, rest = _first(problems)
    for problem in shown:
        click.echo(_coloured(problem), err=True, color=_CHOSEN.get())
    if rest:
        click.echo(rest, err=True)


def _first(problems: Iterable[Problem]) -> tuple[list[Problem], str]:
    """Part problems into those that are shown as text, and a sentence about the others.

    One mistake of a team may make a thousand of them. Errors come first if there are too many.
    """
    found = list(problems)
    if len(found) <= MOST_SHOWN:
        return found, ""
    errors = [each for each in found if each.severity == "error"]
    warnings = [each for each in found if each.severity != "error"]
    shown = [*errors, *warnings][:MOST_SHOWN]
    left = Counter(each.severity for each in [*errors, *warnings][MOST_SHOWN:])
    counts = [f"{left[word]:,} more {word}{'s' * (left[word] > 1)}" for word in left]
    where = "`kalypso validate -o json` lists all of them"
    return shown, f"... and {' and '.join(counts)}: {where}"


def format_problems(problems: Iterable[Problem], form: Format) -> str:
    """Return problems as text, as a JSON list, or as GitHub's workflow commands."""
    if form == "json":
        return harmless_json(json.dumps([problem.as_dict() for problem in problems], indent=2))
    if form == "github":
        from kalypso.report import annotation

        write: Callable[[Problem], str] = annotation
    else:
        write = str
    shown, rest = _first(problems)
    return "\n".join([*map(write, shown), *([rest] if rest else [])])


def _coloured(problem: Problem) -> str:
    word = f" {problem.severity}: "
    coloured = click.style(word, fg=_COLOURS[problem.severity], bold=True)
    return str(problem).replace(word, coloured, 1)
