"""Layouts such as ``2006-01-02 15:04:05 MST``, which show how Go's reference moment is written.

Source: Go's package time, format.go.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ELEMENTS = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2"
    r"|3|4|5|PM|pm|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07"
    r"|[.,](?:0+|9+)(?![0-9])"
)


@lru_cache(maxsize=512)
def split_layout(layout: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the layout's elements, each with the text before it, and the text at the end."""
    parts, start = [], 0
    for match in _ELEMENTS.finditer(layout):
        parts.append((layout[start : match.start()], match[0]))
        start = match.end()
    return tuple(parts), layout[start:]
