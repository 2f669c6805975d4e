"""How problems are printed: for people, for programs, and as annotations of a pull request."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import partial
from typing import Literal

import click

from kalypso.errors import Problem
from kalypso.harmless_text import harmless_json

Format = Literal["text", "json", "github"]
_COLOURS = {"error": "red", "warning": "yellow"}
COLOUR = ("auto", "always", "never")
"""When a run colours what it prints."""
_CHOSEN: ContextVar[bool | None] = ContextVar("colour", default=None)

_MORE = "    "
"""Begins what is left of a sentence: deeper than the excerpt and the hint below it."""
_HINT = "  hint: "

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
    from kalypso.cli.form import say_fitted, screen_width

    shown, rest = _first(problems)
    for problem in shown:
        text = _coloured(problem, screen_width(err=True))
        click.echo(text, err=True, color=_CHOSEN.get())
    if rest:
        say_fitted(rest, err=True)


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
    """Return problems as text for the terminal, a JSON list, or GitHub's workflow commands."""
    if form == "json":
        return harmless_json(json.dumps([problem.as_dict() for problem in problems], indent=2))
    if form == "github":
        from kalypso.report import annotation

        write: Callable[[Problem], str] = annotation
    else:
        from kalypso.cli.form import screen_width

        write = partial(_coloured, width=screen_width())
    return _listed(problems, write)


def plain_problems(problems: Iterable[Problem]) -> str:
    """Return problems as text for a file: without colour, and with lines as long as they are."""
    return _listed(problems, str)


def _listed(problems: Iterable[Problem], write: Callable[[Problem], str]) -> str:
    shown, rest = _first(problems)
    return "\n".join([*map(write, shown), *([rest] if rest else [])])


def _coloured(problem: Problem, width: int) -> str:
    """Return a problem with lines that fit, but for those of files; its severity is in colour."""
    word = f" {problem.severity}: "
    coloured = click.style(word, fg=_COLOURS[problem.severity], bold=True)
    text = _fitted(str(problem), width) if width else str(problem)
    return text.replace(word, coloured, 1)


def _fitted(text: str, width: int) -> str:
    from kalypso.report import filled

    first, *others = text.split("\n")
    lines = list(filled(first, width, _MORE))
    for line in others:
        is_hint = line.startswith(_HINT)
        lines += filled(line, width, " " * len(_HINT)) if is_hint else [line]
    return "\n".join(lines)
