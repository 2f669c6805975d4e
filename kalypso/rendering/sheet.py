"""How a form has been filled in so far, and which of those ways are known to be good.

A way is known by a key: what fills the gaps, with marks in place of harmless texts. The parts of a
key that belong to a deployment target, or to a cluster type with one configuration, are found once
and given a number.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from kalypso.rendering.context import Context, Marks, TargetData
from kalypso.rendering.form import Column, Form, Pieces
from kalypso.template import Blank

Key = tuple[object, ...]
"""What decides whether manifests are good."""

_MOST = 4096
"""Ways to fill a form, and cluster types with configurations, that are kept."""
_LONGEST = 200
"""Characters of a text up to which harmless texts are looked for inside it."""


class Known(NamedTuple):
    """How to write the manifests where a form is filled in a way that is known to be good."""

    blank: Blank
    objects: tuple[str, ...] | None
    """The kinds of their objects; see :class:`kalypso.model.Manifest`."""


class _Row(NamedTuple):
    """What a target fills in."""

    number: int
    pieces: Pieces


class _Column(NamedTuple):
    """What a cluster type with one configuration fills in; see :class:`Column`."""

    number: int
    filled: Column


class Sheet:
    """What is known of a form, for manifests of one type."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._fixed: AbstractSet[str] = frozenset()
        self._count = 0
        self._rows: dict[TargetData, _Row] = {}
        self._columns: dict[tuple[int, str], _Column] = {}
        """By the identity of the configuration, unless it decides nothing, and the cluster type."""
        self._numbers: dict[Key, int] = {}
        self._known: dict[Key, Known] = {}

    def place(self, context: Context) -> tuple[Key, Pieces] | None:
        """Return by what key manifests are found, and what fills the gaps.

        Returns:
            None if a field is missing, or everything has to be rendered.

        Raises:
            TemplateError: A gap cannot be filled.
        """
        form, target, namespace = self._form, context.target, context.namespace
        row = self._rows.get(target) or self._new_row(target)
        if row is None:
            return None
        place = id(context.values) if form.has_values else 0, context.cluster
        number, (_, pieces, again) = self._columns.get(place) or self._new_column(context, place)
        if pieces is None or (again and target.braces):
            return None
        if context.disputed:
            row = self._row(row.pieces, context.marks)
        mark: object = None
        if form.has_namespace:
            mark = (context.plain and namespace not in self._fixed) or namespace
        if not form.is_mixed:
            return (row[0], number, mark), form.in_order((*row[1], namespace, *pieces))
        mixed = form.mixed(context)
        marks = self._free(context.marks)
        key = (row[0], number, mark, *[_marked(piece, marks) for piece in mixed])
        return key, form.in_order((*row[1], namespace, *pieces, *mixed))

    def get(self, key: Key) -> Known | None:
        """Return how to write the manifests of a key, if it is known to be good."""
        return self._known.get(key)

    def fix(self, texts: AbstractSet[str]) -> None:
        """Take note of the texts that the structure of some manifest holds: those have no marks."""
        if len(texts) != self._count:
            self._fixed, self._count = texts, len(texts)
            self._rows.clear()
            self._columns.clear()

    def add(self, key: Key, known: Known) -> None:
        """Remember that manifests of a key are good."""
        self._known[key] = known

    def make_room(self) -> None:
        """Forget everything if it has become too much."""
        if max(len(self._known), len(self._numbers)) >= _MOST:
            self._known.clear()
            self._numbers.clear()
            self._rows.clear()
            self._columns.clear()

    def _new_row(self, target: TargetData) -> _Row | None:
        try:
            pieces = self._form.row(target)
        except KeyError:
            return None
        row = self._rows[target] = self._row(pieces, target.marks)
        return row

    def _row(self, pieces: Pieces, marks: Marks) -> _Row:
        return _Row(self._number(pieces, marks), pieces)

    def _new_column(self, context: Context, place: tuple[int, str]) -> _Column:
        filled = self._form.column(context)
        number = self._number(filled.pieces or (), context.cluster_marks)
        if len(self._columns) >= _MOST:
            self._columns.clear()
        column = self._columns[place] = _Column(number, filled)
        return column

    def _number(self, pieces: Pieces, marks: Marks) -> int:
        """Return a number that pieces share with all others that differ in harmless texts only."""
        marks = self._free(marks)
        key = tuple(map(marks.get, pieces, pieces))
        return self._numbers.setdefault(key, len(self._numbers))

    def _free(self, marks: Marks) -> Marks:
        if self._fixed.isdisjoint(marks):
            return marks
        return {text: mark for text, mark in marks.items() if text not in self._fixed}


def _marked(piece: str, marks: Marks) -> object:
    """Return a piece with marks in place of harmless texts, longest first."""
    if len(piece) > _LONGEST:
        return marks.get(piece, piece)
    if "\0" in piece or "\1" in piece:
        return piece
    text = piece
    for own in sorted(marks, key=len, reverse=True):
        text = text.replace(own, "\0" if marks[own] else "\1")
    return (text,)
