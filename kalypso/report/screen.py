"""Our Markdown as a terminal shows it: without HTML, folded parts open, names as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from kalypso.report.fitted import aligned, filled, fits, stacked
from kalypso.report.plain import printable

_SUMMARY = re.compile(r"<details><summary>(.*?)</summary>")
_HEADING = re.compile(r"^#{1,6} +")
_LINK = re.compile(r"\[([^\[\]]*)\]\(https?://[^()\s]*\)")
_RULE = re.compile(r"^\|(?: *:?-+:? *\|)+$")
"""Stands between the head of a table and its rows."""
_CODE = re.compile(r"</?code>|</details>|<!--.*?-->|\*\*")
_BLANKS = re.compile(r"\n{3,}")
_QUOTED = re.compile(r"^> ?(?:\[!([A-Z]+)\])?")
_FENCE = re.compile(r"(`{3,})(\w*)")
_ITEM = re.compile(r" *(?:[-*]|\d+\.) +")
_INDENT = "    "
"""Begins the lines of a fence; twice that begins what is left of a message that does not fit."""
_GAP = "  "


def terminal(markdown: str, width: int = 0) -> str:
    """Return a text of ours for reading in a terminal; others' Markdown stays much as it is.

    Args:
        markdown: The text.
        width: Characters of a line, as far as words allow; 0 for any number. Code is not wrapped.
    """
    opened = _SUMMARY.sub(r"\1", markdown)
    plain = "\n".join(_lines(opened, width))
    return printable(_BLANKS.sub("\n\n", plain)).strip()


def _lines(markdown: str, width: int) -> Iterator[str]:
    """Give the lines, those of a fence as they are and indented."""
    fence = language = ""
    table: list[str] = []
    for line in markdown.split("\n"):
        if line.startswith("| ") and not fence:
            if not (table and _RULE.match(line)):
                table.append(line)
            continue
        yield from _columns(table, width)
        table = []
        found = _FENCE.match(line)
        if fence and line == fence:
            fence = ""
        elif fence:
            room = width if language == "text" else 0
            text = f"{_INDENT}{printable(line)}" if line else ""
            yield from filled(text, room, _INDENT * 2)
        elif found:
            fence, language = found[1], found[2]
        else:
            yield from filled(_plain(line), width, _indent(line))
    yield from _columns(table, width)


def _indent(line: str) -> str:
    """Return what the rest of a line that does not fit begins with."""
    item = _ITEM.match(line)
    if item:
        return " " * len(item[0])
    return _INDENT * 2 if line.startswith(_INDENT) else ""


def _plain(line: str) -> str:
    """Return a line, or a cell of a table, as the text that a reader sees."""
    shown = _HEADING.sub("", _LINK.sub(r"\1", _QUOTED.sub(_unquoted, line)))
    return printable(html.unescape(_CODE.sub("", shown)))


def _columns(rows: Sequence[str], width: int) -> Iterator[str]:
    """Give the rows of a table with their cells below each other, if that fits."""
    cells = [[_plain(cell.strip()) for cell in row.strip("|").split(" | ")] for row in rows]
    most = max(map(len, cells), default=0)
    padded = [[*row, *[""] * (most - len(row))] for row in cells]
    if not fits(padded, width, _GAP):
        yield from stacked(padded, width, _GAP)
        return
    for lines in aligned(padded, width, gap=_GAP) if padded else ():
        yield from lines


def _unquoted(found: re.Match[str]) -> str:
    """Return the start of a quoted line: an alert is named, and what it says is plain."""
    return f"{found[1]}:" if found[1] else ""
