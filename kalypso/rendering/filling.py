"""A Template filled in like a form: if what fills the gaps is known to be good, all of it is.

Two assignments whose gaps get the same texts, but for harmless ones of their own, have manifests
that are equally good YAML and of the same structure (:mod:`kalypso.rendering.wellformed`). So only
the first of them is rendered with all checks; of the others not even the whole text is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kalypso.errors import KalypsoError
from kalypso.model import ContentType
from kalypso.rendering.context import Context
from kalypso.rendering.form import Form, Key, Pieces
from kalypso.rendering.identity import Kinds, kinds_apart
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.manifests import CompiledTemplate

_MOST = 4096
"""Ways to fill the gaps that are kept."""
_TRIED = 1000
"""Renderings after which most have to be known, or knowing costs more than it brings."""


class Written(NamedTuple):
    """The manifests of a template for one assignment."""

    text: str
    kinds: Kinds | None
    """The kinds of their objects; None if objects may repeat, whatever there is beside them."""


@dataclass(slots=True)
class _Known:
    """How to write the manifests where the gaps are filled in a way that is known to be good."""

    parts: list[str]
    """The texts, with room for a piece after each but the last."""
    kinds: Kinds | None

    def filled(self, pieces: Pieces) -> str:
        parts = self.parts
        parts[1::2] = pieces  # twice as fast as a format string with many long texts
        return "".join(parts)


class FilledTemplate:
    """Writes the manifests of a template, those of a known form without looking at them."""

    def __init__(self, compiled: CompiledTemplate) -> None:
        self._compiled = compiled
        self.content_type: ContentType = "yaml" if compiled.is_yaml else "sh"
        parts = compiled.gaps()
        self._form = None if parts is None else Form(parts, compiled.gaps_of)
        self._known: dict[Key, _Known] = {}
        self._misses = self._hits = 0

    def write(self, context: Context, rule: KindRule) -> Written:
        """Write all manifests for an assignment.

        Args:
            context: The assignment and its data.
            rule: Which kinds of objects the manifests may be.

        Raises:
            Problems: See :meth:`CompiledTemplate.render`.
        """
        form, pieces = self._form, None
        if form is not None:
            try:
                pieces = form.pieces(context)
            except KalypsoError:  # which is raised again, with its place, below
                self._form = None
        if form is None or pieces is None:
            return self._whole(context, rule)
        known = self._known.get(self._key(form, pieces, context, rule))
        if known is not None:
            self._hits += 1
            return Written(known.filled(pieces), known.kinds)
        written = self._whole(context, rule)
        self._learn(form, pieces, written, self._key(form, pieces, context, rule))
        return written

    def _whole(self, context: Context, rule: KindRule) -> Written:
        text = self._compiled.render(context, rule)
        return Written(text, kinds_apart(text) if self._compiled.is_yaml else ())

    def _key(self, form: Form, pieces: Pieces, context: Context, rule: KindRule) -> Key:
        """Return what decides whether manifests are good, for some pieces."""
        marks = context.marks
        fixed = self._compiled.fixed(rule)
        if fixed and not fixed.isdisjoint(marks):
            marks = {text: mark for text, mark in marks.items() if text not in fixed}
        return form.key(pieces, marks, rule)

    def _learn(self, form: Form, pieces: Pieces, written: Written, key: Key) -> None:
        """Remember that what was written is good."""
        self._misses += 1
        if self._misses % _TRIED == 0 and self._hits < self._misses:
            self._form = None
            self._known.clear()
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        texts = form.texts(pieces, "---\n" if self._compiled.is_yaml else "")
        parts = [""] * (2 * len(texts) - 1)
        parts[::2] = texts
        known = _Known(parts, written.kinds)
        if known.filled(pieces) == written.text:
            self._known[key] = known
