"""Statements one after the other as one closure: their texts joined within the output limit.

Neighbouring texts and actions become one format string, which Python fills faster than it joins
pieces.
"""

from __future__ import annotations

from kalypso.golang.values import Value
from kalypso.template.compiler.closures import Jump, Render
from kalypso.template.compiler.scope import RUN_SLOT


def nothing(_variables: list[Value], _dot: Value) -> str:
    """Return the text of what writes nothing."""
    return ""


def fixed(text: str) -> Render:
    """Compile a text that is always the same."""
    return lambda _variables, _dot: text


def filled(texts: list[str], values: list[Render], at: int) -> Render:
    """Compile values with a text before, between and after them."""
    if not values:
        return fixed(texts[0])
    if len(values) == 1:
        return _filled_once(texts[0], values[0], texts[1], at)
    template = "%s".join(text.replace("%", "%%") for text in texts)

    def fill(variables: list[Value], dot: Value) -> str:
        text = template % tuple([value(variables, dot) for value in values])
        if len(text) > variables[RUN_SLOT].output:
            raise variables[RUN_SLOT].out_of_room(at)
        return text

    return fill


def _filled_once(before: str, value: Render, after: str, at: int) -> Render:
    if not before and not after:
        return value

    def fill(variables: list[Value], dot: Value) -> str:
        text = f"{before}{value(variables, dot)}{after}"
        if len(text) > variables[RUN_SLOT].output:
            raise variables[RUN_SLOT].out_of_room(at)
        return text

    return fill


def joined(runs: list[Render], at: int) -> Render:
    """Compile runs of statements, with a look at the output limit between them."""

    def join(variables: list[Value], dot: Value) -> str:
        room = variables[RUN_SLOT].output
        pieces: list[str] = []
        for run in runs:
            piece = run(variables, dot)
            room -= len(piece)
            if room < 0:
                raise variables[RUN_SLOT].out_of_room(at)
            pieces.append(piece)
        return "".join(pieces)

    return join


def interruptible(statements: list[Render]) -> Render:
    """Compile a body that ``break`` or ``continue`` may leave with what it has written."""

    def run(variables: list[Value], dot: Value) -> str:
        pieces: list[str] = []
        try:
            for statement in statements:
                pieces.append(statement(variables, dot))  # noqa: PERF401 - a jump needs the pieces so far
        except Jump as jump:
            jump.text = "".join(pieces) + jump.text
            raise
        return "".join(pieces)

    return run
