"""Our Markdown as a terminal shows it: without HTML, folded parts open, names as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from kalypso.report.plain import printable

_SUMMARY = re.compile(r"<details><summary>(.*?)</summary>")
_CODE = re.compile(r"</?code>|</details>|<!--.*?-->|\*\*")
_BLANKS = re.compile(r"\n{3,}")


_QUOTED = re.compile(r"^> ?(?:\[!([A-Z]+)\])?")
_FENCE = re.compile(r"`{3,}")


def terminal(markdown: str) -> str:
    """Return a text of ours for reading in a terminal; others' Markdown stays much as it is."""
    opened = _SUMMARY.sub(r"## \1", markdown)
    plain = "\n".join(_lines(opened))
    return printable(_BLANKS.sub("\n\n", plain)).strip()


def _lines(markdown: str) -> Iterator[str]:
    """Give the lines, those of a fence as they are and indented."""
    fence = ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if fence and line == fence:
            fence = ""
        elif fence:
            yield f"    {line}"
        elif found:
            fence = found[0]
        else:
            yield html.unescape(_CODE.sub("", _QUOTED.sub(_unquoted, line)))


def _unquoted(found: re.Match[str]) -> str:
    """Return the start of a quoted line: an alert is named, and what it says is plain."""
    return f"{found[1]}:" if found[1] else ""
