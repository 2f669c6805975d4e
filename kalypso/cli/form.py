"""How commands print: the option for the form, and the way of every text to the terminal or log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

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
    """Print a text that may hold what others wrote; nothing in it is obeyed by who reads it."""
    click.echo(harmless(text), err=err)


_COLOURS = {"+": "green", "-": "red", "~": "yellow", "@": "cyan"}
_WORDS = {"added": "green", "removed": "red", "changed": "yellow", "renamed:": "red"}


def painted(text: str) -> str:
    """Return a difference with what comes, goes and changes in colours; for a text of `say`.

    Colours are left out where nobody reads them, by what prints.
    """
    return "\n".join(map(_painted, harmless(text).split("\n")))


def say_painted(text: str) -> None:
    """Print a difference in colours, as `say` prints other texts."""
    click.echo(painted(text))


def _painted(line: str) -> str:
    bare = line.lstrip()
    colour = _COLOURS.get(bare[:1]) or _WORDS.get(bare.partition(" ")[0])
    return click.style(line, fg=colour) if colour else line
