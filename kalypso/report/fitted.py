"""Columns that fit a width: cells are wrapped between words, and no word is broken."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

GAP = "   "


def column_widths(lines: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return how wide each column is.

    Args:
        lines: Cells by line, all with as many columns.
        width: Characters of a whole line; 0 for any number.

    Returns:
        The widths that the cells want; where these are too many, the widest columns are narrower,
        but never than their longest word.
    """
    columns = list(zip(*lines, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [[word for cell in column for word in cell.split()] for column in columns]
    least = [max(map(len, each), default=0) for each in words]
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width if width else 0
    while excess > 0:
        number = max(range(len(widths)), key=lambda n: widths[n] if widths[n] > least[n] else -1)
        if widths[number] <= least[number]:
            break  # only words are left
        widths[number] -= 1
        excess -= 1
    return widths


def wrapped(line: Sequence[str], widths: Sequence[int]) -> Iterator[list[str]]:
    """Yield a line's cells as one or more lines of cells."""
    cells = [
        [cell]
        if len(cell) <= width
        else textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False)
        for cell, width in zip(line, widths, strict=True)
    ]
    yield from map(list, zip_longest(*cells, fillvalue=""))
