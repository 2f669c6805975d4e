"""How commands print: the option for the form, and the way of every text to the terminal or log."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

import click

from kalypso.cli.colours import Paint
from kalypso.harmless_text import harmless

_Command = TypeVar("_Command", bound=Callable[..., Any])


def output_option(*forms: str, shown: str = "How to print it.") -> Callable[[_Command], _Command]:
    """Return the option `--output`; the command gets it as ``form``.

    Args:
        *forms: What may be chosen.
        shown: What the help says of them.
    """
    return click.option(
        "--output",
        "-o",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=shown,
    )


def say(text: str, *, err: bool = False) -> None:
    """Print a text that may hold what others wrote; nothing in it is obeyed by who reads it.

    Its lines stay as they are: they are code, data, or fit already. :func:`say_fitted` is for
    sentences.
    """
    click.echo(harmless(text), err=err)


def say_painted(text: str, paint: Paint) -> None:
    """Print a text as `say` does, in colours."""
    click.echo(paint(harmless(text)))


def say_fitted(
    text: str, *, err: bool = False, more: int = 2, paint: Paint = lambda text: text
) -> None:
    """Print sentences as `say` does, with lines that fit the terminal.

    Args:
        text: The lines.
        err: Whether they go to standard error.
        more: By how many blanks what is left of a line begins behind its indentation.
        paint: Puts colours into it.
    """
    from kalypso.report import fitted_text

    width = screen_width(err=err)
    shown = harmless(text)
    click.echo(paint(harmless(fitted_text(shown, width, more)) if width else shown), err=err)


def counted(number: int, what: str, several: str = "") -> str:
    """Return a number with the word for what was counted: ``1 error``, ``2 policies``."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"


def screen_width(*, err: bool = False) -> int:
    """Return how many characters fit a line of the terminal; 0 where nobody looks at one.

    Args:
        err: Whether standard error is meant, which may be on a terminal while output is not.
    """
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        return 0
    known = os.terminal_size((80, 24))
    with suppress(OSError, ValueError):  # a stream of a test has no number
        known = os.get_terminal_size(stream.fileno())
    return shutil.get_terminal_size(known).columns


def age(moment: str, now: float) -> str:
    """Return how long ago a moment was, in the largest unit of which it is at least one.

    Args:
        moment: As ISO 8601; a dash is returned for what is not.
        now: In seconds since 1970.
    """
    try:
        seconds = now - datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return "-"
    for unit, length in (("y", 31_536_000), ("d", 86_400), ("h", 3_600)):
        if seconds >= length:
            return f"{int(seconds // length)}{unit}"
    return "<1h"
