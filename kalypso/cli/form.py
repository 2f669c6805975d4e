"""The option that says in which form a command prints; the first form is the default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

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
