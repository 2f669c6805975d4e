"""A Template filled in like a form: if what fills the gaps is known to be good, all of it is.

Two assignments whose gaps get the same texts, but for harmless ones of their own, have manifests
that are equally good YAML and of the same structure (:mod:`kalypso.rendering.wellformed`). So only
the first of them is rendered with all checks; of the others not even the whole text is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from kalypso.errors import KalypsoError
from kalypso.model import ContentType
from kalypso.rendering.context import Context, Marks
from kalypso.rendering.identity import Kinds, kinds_apart
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.manifests import CompiledTemplate
from kalypso.rendering.second_pass import render_again
from kalypso.template import Gap, Gaps

_OF_VALUES = frozenset({"ConfigData", "Environment"})
"""Fields that are the same for all assignments with the same configuration."""
_OF_CLUSTER = _OF_VALUES | {"ClusterType"}
_MOST = 4096
"""Texts of gaps, and ways to fill them, that are kept."""
_LONGEST = 200
"""Characters of a text up to which harmless texts are looked for inside it."""
_TRIED = 1000
"""Renderings after which most have to be known, or knowing costs more than it brings."""

_Pieces = tuple[str, ...]
_Key = tuple[object, ...]
_Kept = dict[tuple[Gap, int, str], tuple[object, str]]
"""Values and what they give, by the gap, the identity of the values, and the cluster type."""


class Written(NamedTuple):
    """The manifests of a template for one assignment."""

    text: str
    kinds: Kinds | None
    """The kinds of their objects; None if objects may repeat, whatever there is beside them."""


@dataclass(frozen=True, slots=True)
class _Known:
    """How to write the manifests where the gaps are filled in a way that is known to be good."""

    format: str
    kinds: Kinds | None


class FilledTemplate:
    """Writes the manifests of a template, those of a known form without looking at them."""

    def __init__(self, compiled: CompiledTemplate) -> None:
        self._compiled = compiled
        self.content_type: ContentType = "yaml" if compiled.is_yaml else "sh"
        parts = compiled.gaps()
        self._form = None if parts is None else _Form(parts, compiled.gaps_of)
        self._known: dict[_Key, _Known] = {}
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
            return Written(known.format % pieces, known.kinds)
        written = self._whole(context, rule)
        self._learn(form, pieces, written, self._key(form, pieces, context, rule))
        return written

    def _whole(self, context: Context, rule: KindRule) -> Written:
        text = self._compiled.render(context, rule)
        return Written(text, kinds_apart(text) if self._compiled.is_yaml else ())

    def _key(self, form: _Form, pieces: _Pieces, context: Context, rule: KindRule) -> _Key:
        """Return what decides whether manifests are good, for some pieces."""
        marks = context.marks
        fixed = self._compiled.fixed(rule)
        if fixed and not fixed.isdisjoint(marks):
            marks = {text: mark for text, mark in marks.items() if text not in fixed}
        return form.key(pieces, marks, rule)

    def _learn(self, form: _Form, pieces: _Pieces, written: Written, key: _Key) -> None:
        """Remember that what was written is good."""
        self._misses += 1
        if self._misses % _TRIED == 0 and self._hits < self._misses:
            self._form = None
            self._known.clear()
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        whole = ("---\n" if self._compiled.is_yaml else "").join(form.formats(pieces))
        if whole % pieces == written.text:
            self._known[key] = _Known(whole, written.kinds)


class _Form:
    """The gaps of all manifests of a template."""

    def __init__(self, parts: Sequence[Gaps], parse: Callable[[str], Gaps | None]) -> None:
        self._parts = parts
        gaps = [gap for part in parts for gap in part.gaps]
        self._computed = [gap for gap in gaps if not _is_text(gap)]
        self._mixed = [
            number for number, gap in enumerate(gaps) if not _is_text(gap) and not _of_cluster(gap)
        ]
        self._get = _getter([gap.names if _is_text(gap) else gap for gap in gaps])
        self._parse = lru_cache(_MOST)(parse)
        self._kept: _Kept = {}
        self._again: _Kept = {}

    def pieces(self, context: Context) -> _Pieces | None:
        """Return what fills the gaps; None if a field is missing, or all has to be rendered.

        Raises:
            TemplateError: A gap cannot be filled.
        """
        texts = context.texts
        try:
            for gap in self._computed:
                texts[gap] = self._filled(gap, context)
            return self._get(texts)
        except KeyError:
            return None

    def formats(self, pieces: _Pieces) -> list[str]:
        """Return the format of each manifest, which ends its last line."""
        found: list[str] = []
        for part in self._parts:
            own, pieces = pieces[: len(part.gaps)], pieces[len(part.gaps) :]
            ends = (part.format % own).endswith("\n")
            found.append(part.format if ends else f"{part.format}\n")
        return found

    def key(self, pieces: _Pieces, marks: Marks, rule: KindRule) -> _Key:
        """Return pieces with marks for harmless texts, also inside those that hold other text."""
        found: list[object] = [rule.type, *map(marks.get, pieces, pieces)]
        for number in self._mixed:
            piece = pieces[number]
            if len(piece) <= _LONGEST:
                found[number + 1] = _marked(piece, marks)
        return tuple(found)

    def _filled(self, gap: Gap, context: Context) -> str:
        if not _of_cluster(gap):
            return gap.print(context.shared_data)
        cluster = context.assignment.cluster_type.name
        own = gap.reads is None or not gap.reads <= _OF_VALUES
        place = (gap, id(context.values), cluster if own else "")
        text = self._once(self._kept, place, context, lambda: gap.print(context.shared_data))
        if "{{" not in text:
            return text
        if context.target.braces:  # they could join to an action
            raise KeyError
        place = (gap, id(context.values), cluster)
        return self._once(self._again, place, context, lambda: self._rendered(text, context))

    def _once(
        self, kept: _Kept, place: tuple[Gap, int, str], context: Context, fill: Callable[[], str]
    ) -> str:
        found = kept.get(place)
        if found is not None and found[0] is context.values:
            return found[1]
        if len(kept) >= _MOST:
            kept.clear()
        text = fill()
        kept[place] = context.values, text
        return text

    def _rendered(self, text: str, context: Context) -> str:
        """Render a result that is a template again, of what the cluster type decides.

        Raises:
            KeyError: The result needs more than that, or rendering it does not end.
        """

        def render(again: str) -> str:
            found = self._parse(again)
            if found is None or not all(map(_of_cluster, found.gaps)):
                raise KeyError
            return found.format % tuple([gap.print(context.shared_data) for gap in found.gaps])

        try:
            return render_again(text, render)
        except RecursionError:
            raise KeyError from None


def _is_text(gap: Gap) -> bool:
    """Return whether a gap prints a field that holds text, if it is there."""
    match gap.names:
        case (("Labels" | "Manifests"), _):
            return True
        case (name,):
            return name not in ("Labels", "Manifests", "ConfigData")
        case _:
            return False


def _of_cluster(gap: Gap) -> bool:
    return gap.reads is not None and gap.reads <= _OF_CLUSTER


def _getter(keys: Sequence[object]) -> Callable[[Mapping[object, str]], _Pieces]:
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda texts: tuple(texts[key] for key in keys)


def _marked(piece: str, marks: Marks) -> object:
    """Return a piece with marks in place of harmless texts, longest first."""
    if "\0" in piece or "\1" in piece:
        return piece
    text = piece
    for own in sorted(marks, key=len, reverse=True):
        text = text.replace(own, "\0" if marks[own] else "\1")
    return (text,)
