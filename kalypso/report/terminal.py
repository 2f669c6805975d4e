"""Our Markdown as a terminal shows it: without HTML, folded parts open, names as they are."""

from __future__ import annotations

import html
import re

from kalypso.report.plain import printable

_SUMMARY = re.compile(r"<details><summary>(.*?)</summary>")
_CODE = re.compile(r"</?code>|</details>\n*|<!--.*?-->\n?|\*\*")
_BLANKS = re.compile(r"\n{3,}")


def terminal(markdown: str) -> str:
    """Return a text of ours for reading in a terminal; others' Markdown stays much as it is."""
    opened = _SUMMARY.sub(r"## \1", markdown)
    plain = html.unescape(_CODE.sub("", opened))
    return printable(_BLANKS.sub("\n\n", plain)).strip()
