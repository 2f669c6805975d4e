"""A Template filled in like a form: if what fills the gaps is known to be good, all of it is.

Two assignments whose gaps get the same texts, but for harmless ones of their own, have manifests
that are equally good YAML and of the same structure (:mod:`kalypso.rendering.wellformed`). So only
the first of them is rendered with all checks; of the others not even the whole text is looked at.
"""

from __future__ import annotations

from kalypso.errors import KalypsoError
from kalypso.model import ContentType, Manifest
from kalypso.rendering.context import Context
from kalypso.rendering.form import Form
from kalypso.rendering.identity import kinds_apart
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.manifests import CompiledTemplate
from kalypso.rendering.sheet import Known, Sheet
from kalypso.template import Blank

_TRIED = 1000
"""Renderings after which most have to be known, or knowing costs more than it brings."""


class FilledTemplate:
    """Writes the manifests of a template, those of a known form without looking at them."""

    def __init__(self, compiled: CompiledTemplate) -> None:
        self._compiled = compiled
        self._content_type: ContentType = "yaml" if compiled.is_yaml else "sh"
        parts = compiled.gaps()
        self._form = None if parts is None else Form(parts, compiled.gaps_of)
        self._sheets: dict[str, Sheet] = {}
        """By type of manifest, which decides what kinds may be."""
        self._misses = self._hits = 0

    def write(self, context: Context, rule: KindRule) -> Manifest:
        """Write all manifests for an assignment, into one file.

        Args:
            context: The assignment and its data.
            rule: Which kinds of objects the manifests may be.

        Raises:
            Problems: See :meth:`CompiledTemplate.render`.
        """
        sheet = self._sheets.get(rule.type) or self._new_sheet(rule)
        if sheet is None:
            return self._whole(context, rule)
        try:
            place = sheet.place(context)
        except KalypsoError:  # which is raised again, with its place, below
            self._give_up()
            return self._whole(context, rule)
        if place is None:
            return self._whole(context, rule)
        known = sheet.get(place[0])
        if known is not None:
            self._hits += 1
            text = known.blank.filled(place[1])
            return Manifest(rule.type, self._content_type, text, known.objects)
        written = self._whole(context, rule)
        self._learn(sheet, context, written)
        return written

    def _new_sheet(self, rule: KindRule) -> Sheet | None:
        if self._form is None:
            return None
        sheet = self._sheets[rule.type] = Sheet(self._form)
        return sheet

    def _whole(self, context: Context, rule: KindRule) -> Manifest:
        try:
            text = self._compiled.render(context, rule)
        finally:
            if sheet := self._sheets.get(rule.type):
                sheet.fix(self._compiled.fixed(rule))
        objects = kinds_apart(text) if self._compiled.is_yaml else ()
        return Manifest(rule.type, self._content_type, text, objects)

    def _learn(self, sheet: Sheet, context: Context, written: Manifest) -> None:
        """Remember that what was written is good."""
        self._misses += 1
        if self._misses % _TRIED == 0 and self._hits < self._misses:
            self._give_up()
            return
        sheet.make_room()
        place = sheet.place(context)
        if self._form is None or place is None:
            return
        key, pieces = place
        blank = Blank(self._form.texts(pieces, "---\n" if self._compiled.is_yaml else ""))
        if blank.filled(pieces) == written.text:
            sheet.add(key, Known(blank, written.objects))

    def _give_up(self) -> None:
        self._form = None
        self._sheets.clear()
