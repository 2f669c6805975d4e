"""Lines and columns that fit a width: text is wrapped between words, and no word is broken."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

GAP = "   "


def filled(line: str, width: int, indent: str = "") -> Iterator[str]:
    """Yield a line as one or more that fit.

    Args:
        line: A line of words; blanks between them are kept.
        width: Characters of a line; 0 for any number.
        indent: What the second line and those after it begin with.
    """
    if not width or len(line) <= width:
        yield line
        return
    text = line.lstrip()
    yield from textwrap.wrap(
        text,
        width,
        initial_indent=line[: len(line) - len(text)],
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def beside_or_below(what: str, place: str, width: int, indent: str = "") -> Iterator[str]:
    """Yield a text with its place behind it, or below it if a line does not have room for both."""
    line = f"{indent}{what}{GAP}{place}"
    if not width or len(line) <= width:
        yield line
        return
    below = f"{indent}    "
    yield from filled(f"{indent}{what}", width, below)
    yield f"{below}{place}"


def aligned(
    rows: Sequence[Sequence[str]],
    width: int = 0,
    *,
    whole: Collection[int] = (),
    right: Collection[int] = (),
    gap: str = GAP,
) -> list[list[str]]:
    """Return each row as the lines that show it, with its cells below those of the other rows.

    Args:
        rows: Cells by row, all with as many columns.
        width: Characters of a whole line, as far as words allow; 0 for any number.
        whole: Columns whose cells are never wrapped.
        right: Columns whose cells stand to the right.
        gap: Between two columns.
    """
    widths = column_widths(rows, width, whole, gap)
    return [
        [
            gap.join(
                cell.rjust(room) if number in right else cell.ljust(room)
                for number, (cell, room) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
            for cells in _wrapped(row, widths)
        ]
        for row in rows
    ]


def column_widths(
    rows: Sequence[Sequence[str]], width: int, whole: Collection[int] = (), gap: str = GAP
) -> list[int]:
    """Return how wide each column is, with the arguments of `aligned`.

    The widths are those that the cells want; where these are too many, the widest columns are
    narrower, but never than their longest word.
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [[word for cell in column for word in cell.split()] for column in columns]
    least = [
        widths[number] if number in whole else max(map(len, each), default=0)
        for number, each in enumerate(words)
    ]
    excess = line_width(widths, gap) - width if width else 0
    while excess > 0:
        number = max(range(len(widths)), key=lambda n: widths[n] if widths[n] > least[n] else -1)
        if widths[number] <= least[number]:
            break  # only words are left
        widths[number] -= 1
        excess -= 1
    return widths


def line_width(widths: Sequence[int], gap: str = GAP) -> int:
    """Return how wide a line of columns is."""
    return sum(widths) + len(gap) * (len(widths) - 1)


def _wrapped(row: Sequence[str], widths: Sequence[int]) -> Iterator[list[str]]:
    """Yield a row's cells as one or more lines of cells."""
    cells = [list(filled(cell, width)) for cell, width in zip(row, widths, strict=True)]
    yield from map(list, zip_longest(*cells, fillvalue=""))
