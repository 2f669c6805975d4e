"""How deep a YAML text nests, found without parsing it: the C parser recurses and would crash.

It crashes the whole process beyond some 20,000 levels. Indented levels cannot get there within the
size of a file; brackets and indicators on one line can.
"""

from __future__ import annotations

import re

MAX_DEPTH = 100
"""Mappings and lists inside each other that anybody needs."""
PARSER_DEPTH = 1_000
"""Brackets that may be open at once, whether they stand in a text or are structure."""

_BRACKET = re.compile(r"[\[{\]}]")
_COMPACT = re.compile(rf"(?:[-?:][ \t]+){{{MAX_DEPTH}}}")


def too_deep_at(text: str) -> int | None:
    """Return where a text nests too deep for the parser, as an index; None if it does not.

    Counts brackets in quoted text too, so it may stop a text that would parse: one with a thousand
    brackets that are not closed.
    """
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > PARSER_DEPTH:
            return bracket.start()
    compact = _COMPACT.search(text)
    return compact.start() if compact else None
