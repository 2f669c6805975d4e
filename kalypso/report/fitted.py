"""Lines and columns that fit a width: text is wrapped between words, and no word is broken."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

GAP = "   "
_CODE = re.compile(r"`[^`\n]{1,120}`")
"""A command or a name of several words, which is typed or copied as a whole."""
_BOUND = "\0"
"""Stands for a blank at which no line ends."""
_INDENT = re.compile(r" *")


def fitted_text(text: str, width: int, more: int = 2) -> str:
    """Return a text of sentences with lines that fit.

    Args:
        text: Lines; each keeps its indentation.
        width: Characters of a line; 0 for any number.
        more: By how many blanks what is left of a line begins behind its indentation.
    """
    return "\n".join(
        each
        for line in text.split("\n")
        for each in filled(line, width, _margin(line) + " " * more)
    )


def _margin(line: str) -> str:
    found = _INDENT.match(line)
    return found[0] if found else ""


def filled(line: str, width: int, indent: str = "") -> Iterator[str]:
    """Yield a line as one or more that fit; no word is broken, and no code in backticks.

    Args:
        line: A line of words; blanks between them are kept.
        width: Characters of a line; 0 for any number.
        indent: What the second line and those after it begin with.
    """
    if not width or len(line) <= width:
        yield line
        return
    text = line.lstrip()
    lines = textwrap.wrap(
        _bound(text),
        width,
        initial_indent=line[: len(line) - len(text)],
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from (each.replace(_BOUND, " ") for each in lines)


def _bound(text: str) -> str:
    """Return a text in which code is one word."""
    return _CODE.sub(lambda found: found[0].replace(" ", _BOUND), text)


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


def fits(rows: Sequence[Sequence[str]], width: int, gap: str = GAP) -> bool:
    """Return whether some width of columns lets a table fit, with the arguments of `aligned`."""
    return not (width and rows) or line_width(column_widths(rows, width, gap=gap), gap) <= width


def stacked(rows: Sequence[Sequence[str]], width: int, gap: str = GAP) -> Iterator[str]:
    """Yield a table row by row, each cell in a line of its own behind its heading.

    Args:
        rows: Cells by row, the headings first.
        width: Characters of a line, as far as words allow; 0 for any number.
        gap: Between a heading and a cell.
    """
    headings, *others = rows
    margin = max(map(len, headings))
    for number, row in enumerate(others):
        if number:
            yield ""
        for heading, cell in zip(headings, row, strict=True):
            line = f"{heading.ljust(margin)}{gap}{cell}"
            yield from filled(line.rstrip(), width, " " * (margin + len(gap)))


def column_widths(
    rows: Sequence[Sequence[str]], width: int, whole: Collection[int] = (), gap: str = GAP
) -> list[int]:
    """Return how wide each column is, with the arguments of `aligned`.

    The widths are those that the cells want; where these are too many, the widest columns are
    narrower, but never than their longest word.
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [[word for cell in column for word in _bound(cell).split()] for column in columns]
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
