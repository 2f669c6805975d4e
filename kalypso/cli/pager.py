"""A pager as git uses one: on a terminal, for what does not fit, in colour, and by choice."""

from __future__ import annotations

import os
import shutil
import sys

import click

from kalypso.cli.colours import Paint, prose
from kalypso.harmless_text import harmless

_OWN = "KALYPSO_PAGER"
_LESS = "FRX"
"""What git gives less: end if all fits, let colours through, and leave the text on the screen."""


def say_paged(text: str, paint: Paint = prose) -> None:
    """Print a text that may hold what others wrote, as `say` does, page by page if it is long.

    Args:
        text: The text.
        paint: Puts colours into it.
    """
    _page(paint(harmless(text)))


def _page(text: str) -> None:
    if not sys.stdout.isatty() or text.count("\n") + 1 < shutil.get_terminal_size().lines:
        click.echo(text)
        return
    pager = os.environ.get(_OWN, os.environ.get("PAGER"))
    if pager in {"", "cat"}:
        click.echo(text)
        return
    if pager:
        os.environ["PAGER"] = pager  # which click reads
    os.environ.setdefault("LESS", _LESS)
    click.echo_via_pager(text)
