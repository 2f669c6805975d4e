"""Colours mark what a reader looks for, and are put in after everything else was made harmless."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from kalypso.cli import colours
from kalypso.cli.colours import Paint
from tests.cli.command import FLEET, MODEL, run
from tests.cli.laptop import Laptop

TEXT = """\
See `kalypso get` or ask:

    a.yaml:1:1: error: no such key [missing-key]
      hint: there is none

- an item, which does not go

    --- a/x.yaml
    +++ b/x.yaml
    @@ -1 +1 @@
    -old: 1
    +new: 1
    - name: a sample
- error: nothing is wrong here
"""


def marked(text: str) -> dict[str, str]:
    """Return what is in colours, with the number of each."""
    parts = text.split("\x1b[")[1:]
    return {part.partition("m")[2]: part.partition("m")[0] for part in parts if part[:2] != "0m"}


def test_code_severities_and_diffs_of_a_text_are_in_colours() -> None:
    assert marked(colours.prose(TEXT)) == {
        "`kalypso get`": "36",
        "error:": "31",
        "    --- a/x.yaml": "31",
        "    +++ b/x.yaml": "32",
        "    @@ -1 +1 @@": "36",
        "    -old: 1": "31",
        "    +new: 1": "32",
        "    - name: a sample": "31",
    }


@pytest.mark.parametrize(
    ("paint", "text", "found"),
    [
        (colours.outcome, "dev: pass: main is healthy", {"pass": "32"}),
        (colours.outcome, "dev: main 1 (dev 2): fail at noon", {"fail": "31"}),
        (colours.outcome, "dev: cannot tell: nobody answers", {"cannot tell": "33"}),
        (colours.outcome, "the wait: it is long; we fail at it", {}),
        (colours.check, "fix  tool: git is ok", {"fix": "31"}),
        (colours.check, "?    passphrase: ok", {"?": "33"}),
        (colours.check, "fixed", {}),
        (colours.conditions, "  NO  cluster type\nNO  such", {"NO": "31"}),
        (colours.difference, "added (1)\n  -> y\nwhat was added", {"added (1)": "32"}),
        (colours.difference, "  ~ x\n  -> y", {"  ~ x": "33"}),
    ],
)
def test_a_verdict_is_in_colour_only_where_it_is_one(
    paint: Paint, text: str, found: dict[str, str]
) -> None:
    painted = paint(text)
    assert marked(painted) == found
    assert click.unstyle(painted) == text


def test_problems_that_are_checked_for_are_in_colour_as_those_that_stop_a_command() -> None:
    out = run(["--color", "always", "validate", *MODEL], FLEET).out
    assert "\x1b[33m\x1b[1m warning: \x1b[0m" in out
    assert "\x1b[" not in run(["validate", *MODEL], FLEET).out
    assert "\x1b[" not in run(["--color", "always", "validate", *MODEL, "-o", "json"], FLEET).out


def test_a_gate_is_in_colour_on_a_terminal_and_not_in_a_file(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path)
    shown = laptop.types("--color", "always", "status", "-e", "dev").out
    assert "dev: \x1b[33mwait\x1b[0m: " in shown
    assert laptop.types("status", "-e", "dev").out == click.unstyle(shown)


def test_a_text_of_others_brings_no_colours_of_its_own(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path)
    why = "a \x1b[31mfreeze"
    laptop.types("promotion", "hold", "-e", "dev", "--why", why)
    assert "\x1b[31mfreeze" not in laptop.types("--color", "always", "promotion", "list").out
