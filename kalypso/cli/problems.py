"""How problems are printed: for people, for programs, and as annotations of a pull request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

import click

from kalypso.errors import Problem
from kalypso.harmless_text import harmless_json

Format = Literal["text", "json", "github"]
_COLOURS = {"error": "red", "warning": "yellow"}


_OUTSIDE = frozenset({"busy", "github-answer", "moved", "unreachable"})
"""Codes of problems that no edit mends and that a later try may not have."""


def exit_code(problems: Iterable[Problem]) -> int:
    """Return 3 if only the outside is to blame and a retry may help, else 2."""
    return 3 if all(problem.code in _OUTSIDE for problem in problems) else 2


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems on standard error, with colour where a person reads them."""
    for problem in problems:
        click.echo(_coloured(problem), err=True)


def format_problems(problems: Iterable[Problem], form: Format) -> str:
    """Return problems as text, as a JSON list, or as GitHub's workflow commands."""
    if form == "json":
        return harmless_json(json.dumps([asdict(problem) for problem in problems], indent=2))
    if form == "github":
        from kalypso.report import annotation  # noqa: PLC0415 - `kalypso --help` does without it

        return "\n".join(map(annotation, problems))
    return "\n".join(map(str, problems))


def _coloured(problem: Problem) -> str:
    word = f" {problem.severity}: "
    coloured = click.style(word, fg=_COLOURS[problem.severity], bold=True)
    return str(problem).replace(word, coloured, 1)
