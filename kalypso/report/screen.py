"""Our Markdown as a terminal shows it: without HTML, folded parts open, names as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from kalypso.report.plain import printable

_SUMMARY = re.compile(r"<details><summary>(.*?)</summary>")
_HEADING = re.compile(r"^#{1,6} +")
_LINK = re.compile(r"\[([^\[\]]*)\]\(https?://[^()\s]*\)")
_RULE = re.compile(r"^\|(?: *:?-+:? *\|)+$")
"""Stands between the head of a table and its rows."""
_CODE = re.compile(r"</?code>|</details>|<!--.*?-->|\*\*")
_BLANKS = re.compile(r"\n{3,}")


_QUOTED = re.compile(r"^> ?(?:\[!([A-Z]+)\])?")
_FENCE = re.compile(r"`{3,}")


def terminal(markdown: str) -> str:
    """Return a text of ours for reading in a terminal; others' Markdown stays much as it is."""
    opened = _SUMMARY.sub(r"\1", markdown)
    plain = "\n".join(_lines(opened))
    return printable(_BLANKS.sub("\n\n", plain)).strip()


def _lines(markdown: str) -> Iterator[str]:
    """Give the lines, those of a fence as they are and indented."""
    fence = ""
    table: list[str] = []
    for line in markdown.split("\n"):
        if line.startswith("| ") and not fence:
            if not (table and _RULE.match(line)):
                table.append(line)
            continue
        yield from _columns(table)
        table = []
        found = _FENCE.match(line)
        if fence and line == fence:
            fence = ""
        elif fence:
            yield f"    {line}"
        elif found:
            fence = found[0]
        else:
            yield _plain(line)
    yield from _columns(table)


def _plain(line: str) -> str:
    """Return a line, or a cell of a table, as the text that a reader sees."""
    shown = _HEADING.sub("", _LINK.sub(r"\1", _QUOTED.sub(_unquoted, line)))
    return html.unescape(_CODE.sub("", shown))


def _columns(rows: Sequence[str]) -> Iterator[str]:
    """Give the rows of a table with their cells below each other."""
    cells = [[_plain(cell.strip()) for cell in row.strip("|").split(" | ")] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*cells, fillvalue="")]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        yield "  ".join(padded).rstrip()


def _unquoted(found: re.Match[str]) -> str:
    """Return the start of a quoted line: an alert is named, and what it says is plain."""
    return f"{found[1]}:" if found[1] else ""
