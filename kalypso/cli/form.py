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
