"""How commands print: the option for the form, and the way of every text to the terminal or log."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
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


def counted(number: int, what: str, several: str = "") -> str:
    """Return a number with the word for what was counted: ``1 error``, ``2 policies``."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"


_COLOURS = {"+": "green", "-": "red", "~": "yellow", "@": "cyan"}
_VERDICTS = {"ok": "green", "NO": "red"}
_VERDICT = re.compile(r"(?m)(?<=^  )(?:ok|NO)(?=  )|(?<=^    )(?:ok|NO)(?=  )")
_WORDS = {"added": "green", "removed": "red", "changed": "yellow", "renamed:": "red"}


def painted(text: str) -> str:
    """Return a difference with what comes, goes and changes in colours; for a text of `say`.

    Colours are left out where nobody reads them, by what prints.
    """
    return "\n".join(map(_painted, harmless(text).split("\n")))


def say_marked(text: str) -> None:
    """Print an answer whose verdicts are in colours: `ok` and `NO` at the start of a line."""
    click.echo(
        _VERDICT.sub(lambda found: click.style(found[0], fg=_VERDICTS[found[0]]), harmless(text))
    )


def _painted(line: str) -> str:
    bare = line.lstrip()
    if bare.startswith("->"):  # what is left of a change that was wrapped
        return line
    colour = _COLOURS.get(bare[:1]) or _WORDS.get(bare.partition(" ")[0])
    return click.style(line, fg=colour) if colour else line


def screen_width() -> int:
    """Return how many characters fit a line of the terminal; 0 where nobody looks at one."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


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
