"""Colours of what people read: what comes and goes, verdicts, severities of problems, code.

They are put into a text that is harmless already, and click takes them out again where nobody looks
at a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import click

Paint = Callable[[str], str]
"""Returns a harmless text with colours in it."""

_SIGNS = {"+": "green", "-": "red", "~": "yellow", "@": "cyan"}
_CHANGES = {"added": "green", "removed": "red", "changed": "yellow", "renamed:": "red"}
_VERDICTS = {
    "ok": "green",
    "NO": "red",
    "fix": "red",
    "?": "yellow",
    "pass": "green",
    "passed": "green",
    "fail": "red",
    "failed": "red",
    "wait": "yellow",
    "outside": "yellow",
    "cannot tell": "yellow",
    "superseded": "yellow",
    "error:": "red",
    "warning:": "yellow",
}
_WORDS = "|".join(map(re.escape, _VERDICTS))
_CONDITION = re.compile(r"(?m)(?:(?<=^  )|(?<=^    ))(?:ok|NO)(?=  )")
_CHECK = re.compile(r"^(?:ok|fix|\?)(?= )")
_OUTCOME = re.compile(rf"(?m)(?<=: )(?:{_WORDS})(?=:| at )")
_SEVERITY = re.compile(r"(?<=: )(?:error|warning):(?= )")
_CODE = re.compile(r"`[^`\n]+`")
_HEAD = re.compile(r" {4}(?:---|\+\+\+) ")
"""Begins the diff of a file among other text."""


def difference(text: str) -> str:
    """Colour what comes, goes and changes."""
    return "\n".join(map(_line_of_difference, text.split("\n")))


def conditions(text: str) -> str:
    """Colour the verdicts of conditions: `ok` and `NO` at the start of a line."""
    return _CONDITION.sub(_verdict, text)


def check(text: str) -> str:
    """Colour the verdict of a check, at its start."""
    return _CHECK.sub(_verdict, text)


def outcome(text: str) -> str:
    """Colour what gates and clusters come to."""
    return _OUTCOME.sub(_verdict, text)


def prose(text: str) -> str:
    """Colour code and severities in a text for reading, and the diffs in it."""
    found: list[str] = []
    in_diff = False
    for line in text.split("\n"):
        in_diff = bool(_HEAD.match(line)) or (in_diff and line.startswith("    "))
        if in_diff:
            found.append(_line_of_difference(line))
        else:
            found.append(_CODE.sub(_code, _SEVERITY.sub(_verdict, line)))
    return "\n".join(found)


def _line_of_difference(line: str) -> str:
    bare = line.lstrip()
    if bare.startswith("->"):  # what is left of a change that was wrapped
        return line
    colour = _SIGNS.get(bare[:1]) or _CHANGES.get(bare.partition(" ")[0])
    return click.style(line, fg=colour) if colour else line


def _verdict(found: re.Match[str]) -> str:
    return click.style(found[0], fg=_VERDICTS[found[0]])


def _code(found: re.Match[str]) -> str:
    return click.style(found[0], fg="cyan")
