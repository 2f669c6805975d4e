"""Text that is safe inside GitHub's Markdown: whatever a model holds, it is read as text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kalypso.report.plain import printable

_SPEAKING = re.compile(r"[^A-Za-z0-9 /.,:;=%?-]|(?<=www)\.|:(?=//)", re.IGNORECASE)
"""What Markdown or HTML could take for more than text, and what GitHub makes links of."""
_TICKS = re.compile(r"`+")
_LEAST = 3


def code(text: str) -> str:
    """Return a text as inline code.

    Every character that could mean something to Markdown, to HTML, or to what makes links and
    mentions of plain text, becomes a character reference.
    """
    shown = printable(text.replace("\n", "↵").replace("\t", " "))
    return f"<code>{_SPEAKING.sub(_reference, shown)}</code>" if shown else "<code> </code>"


def fenced(lines: Iterable[str], language: str = "") -> str:
    """Return lines in a fence that nothing in them can close."""
    body = "\n".join(printable(line) for line in lines)
    longest = max((len(run) for run in _TICKS.findall(body)), default=0)
    fence = "`" * max(_LEAST, longest + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def details(summary: str, body: str) -> str:
    """Return a body that is folded away behind its summary, which is Markdown or HTML already."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found.group())};"
