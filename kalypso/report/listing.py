"""A list of things as an aligned table, as CSV, JSON or YAML, or as names alone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from kalypso.errors import Position
from kalypso.harmless_text import harmless_line
from kalypso.model import Selector
from kalypso.report.fitted import aligned
from kalypso.report.plain import csv_cell, line_of, one_line, to_yaml
from kalypso.report.versioned import document_list, versioned_list

ListForm = Literal["text", "wide", "json", "yaml", "csv", "name"]

Cell = str | int | Position | Selector | Sequence[str] | Mapping[str, str]

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 60
"""Characters of a cell of several items in a table that is not wide."""


class Column(msgspec.Struct, frozen=True):
    """One column; its name is the key in JSON, and in capitals the heading."""

    name: str
    wide: bool = False
    """Shown by ``wide`` and in data, not by ``text``."""

    @property
    def heading(self) -> str:
        """The heading, for example ``CLUSTER-TYPE`` for ``clusterType``."""
        return _HUMP.sub("-", self.name).upper()


class Listing(msgspec.Struct, frozen=True):
    """Rows under columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str
    """Of what the rows are about, as data names it."""
    names: tuple[str, ...]
    """What identifies each row, in the same order."""


def format_listing(listing: Listing, form: ListForm, width: int = 0) -> str:
    """Return a listing in one of the forms; the same listing gives the same text.

    Args:
        listing: What is listed.
        form: How.
        width: Characters of a line of a table, as far as words allow; 0 for any number.
    """
    match form:
        case "name":
            return "\n".join(map(one_line, listing.names))
        case "json":
            return document_list(listing.kind, _records(listing))
        case "yaml":
            return to_yaml(versioned_list(listing.kind, _records(listing)))
        case "csv":
            return _csv(listing)
        case _:
            return table(*_shown(listing, everything=form == "wide"), width)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int = 0) -> str:
    """Return aligned columns without trailing blanks; numbers stand to the right."""
    lines = [list(map(harmless_line, row)) for row in (headings, *rows)]
    right = {
        number
        for number in range(len(headings))
        if rows and all(line[number].isdigit() for line in lines[1:])
    }
    return "\n".join(line for row in aligned(lines, width, right=right) for line in row)


def _records(listing: Listing) -> list[dict[str, object]]:
    names = [column.name for column in listing.columns]
    return [dict(zip(names, map(_as_data, row), strict=True)) for row in listing.rows]


def _as_data(cell: Cell) -> object:
    """Return a cell as programs read it: a selector is what Kubernetes calls one."""
    if not isinstance(cell, Selector):
        return cell
    return {
        "matchExpressions": [
            {"key": each.key, "operator": each.operator, "values": list(each.values)}
            for each in cell.requirements
        ]
    }


def _shown(listing: Listing, *, everything: bool) -> tuple[list[str], list[list[str]]]:
    shown = [n for n, column in enumerate(listing.columns) if everything or not column.wide]
    headings = [listing.columns[number].heading for number in shown]
    longest = 0 if everything else _LONGEST
    return headings, [
        [_text(row[number], longest) or "-" for number in shown] for row in listing.rows
    ]


def _csv(listing: Listing) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in listing.columns)
    writer.writerows([csv_cell(_text(cell)) for cell in row] for row in listing.rows)
    return out.getvalue().removesuffix("\n")


def _text(cell: Cell, longest: int = 0) -> str:
    match cell:
        case int():
            return str(cell)
        case "":
            return ""
        case str() | Selector():
            return one_line(str(cell))
        case Position():
            return one_line(line_of(cell))
        case Mapping():
            return _joined(
                [f"{one_line(key)}={one_line(value)}" for key, value in cell.items()], longest
            )
        case _:
            return _joined([one_line(item) for item in cell], longest)


def _joined(items: Sequence[str], longest: int) -> str:
    """Join items; where they are too long, end with how many are left out."""
    whole = ", ".join(items)
    if not longest or len(whole) <= longest:
        return whole
    kept = [items[0]]
    for item in items[1:]:
        if len(", ".join([*kept, item])) > longest:
            break
        kept.append(item)
    left = len(items) - len(kept)
    return ", ".join(kept) + (f" and {left:,} more" if left else "")
