"""Environment variables of a step: what its script says of them, and their values."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping

import msgspec

from kalypso.errors import Position, Problem, Problems

_WIDTH = 100


class Variable(msgspec.Struct, frozen=True):
    """A variable that a step reads."""

    name: str
    about: str
    """What it is, for the head of the script; without a full stop at its end."""
    needed: bool = True
    """Whether the step cannot do without it; otherwise it may be absent."""
    pattern: str = ".*"
    """What its whole value has to match."""


def values_of(variables: Iterable[Variable], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each variable by its name; empty for one that may be absent and is.

    Raises:
        Problems: Variables are not set, or have values that cannot be used; all are named.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for variable in variables:
        value = environment.get(variable.name)
        at = Position(variable.name)
        if value is None and variable.needed:
            problems.append(Problem("option", "this variable is not set", at, variable.about))
        elif not re.fullmatch(variable.pattern, value or "", re.DOTALL):
            # Some are secret, so the value is not shown.
            message = "the value of this variable cannot be used"
            problems.append(Problem("option", message, at, variable.about))
        values[variable.name] = value or ""
    if problems:
        raise Problems(problems)
    return values


def described(variables: Iterable[Variable]) -> str:
    """Return the lines of a shell comment that say what each variable is."""
    listed = [*variables]
    column = max(len(variable.name) for variable in listed) + 2
    rest = f"#   {'':{column}}"
    return "\n".join(
        textwrap.fill(
            variable.about,
            _WIDTH,
            initial_indent=f"#   {variable.name:{column}}",
            subsequent_indent=rest,
            break_on_hyphens=False,
            break_long_words=False,
        )
        for variable in listed
    )
