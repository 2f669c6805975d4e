"""The gaps of a template, and what fills them for an assignment.

What the configuration alone decides, or with it the cluster type, is computed once for all
assignments that share them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from kalypso.rendering.context import Context, Marks
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.second_pass import render_again
from kalypso.template import Gap, Gaps

Pieces = tuple[str, ...]
"""What fills the gaps, in their order."""
Key = tuple[object, ...]
"""What decides whether manifests are good; see :meth:`Form.key`."""

_OF_VALUES = frozenset({"ConfigData", "Environment"})
"""Fields that are the same for all assignments with the same configuration."""
_OF_CLUSTER = _OF_VALUES | {"ClusterType"}
_MOST = 4096
"""Texts of gaps that are kept."""
_LONGEST = 200
"""Characters of a text up to which harmless texts are looked for inside it."""

_Place = tuple[int, int, str]
"""The number of a gap, the identity of values, and a cluster type if it matters."""
_Kept = dict[_Place, tuple[object, str]]
"""Values and what they give."""


class _Computed(NamedTuple):
    """A gap that does not print a text as it is."""

    number: int
    """Among all gaps; what fills it is found by it."""
    gap: Gap
    of_cluster: bool
    """Whether configuration and cluster type decide what fills it."""
    of_values: bool
    """Whether the configuration alone does."""


class Form:
    """The gaps of all manifests of a template."""

    def __init__(self, parts: Sequence[Gaps], parse: Callable[[str], Gaps | None]) -> None:
        self._parts = parts
        gaps = [gap for part in parts for gap in part.gaps]
        self._computed = [
            _Computed(number, gap, _reads_only(gap, _OF_CLUSTER), _reads_only(gap, _OF_VALUES))
            for number, gap in enumerate(gaps)
            if not _is_text(gap)
        ]
        self._mixed = [each.number for each in self._computed if not each.of_cluster]
        self._get = _getter(
            [gap.names if _is_text(gap) else number for number, gap in enumerate(gaps)]
        )
        self._parse = lru_cache(_MOST)(parse)
        self._kept: _Kept = {}
        self._again: _Kept = {}

    def pieces(self, context: Context) -> Pieces | None:
        """Return what fills the gaps; None if a field is missing, or all has to be rendered.

        Raises:
            TemplateError: A gap cannot be filled.
        """
        texts = context.texts
        try:
            for each in self._computed:
                texts[each.number] = self._filled(each, context)
            return self._get(texts)
        except KeyError:
            return None

    def texts(self, pieces: Pieces, between: str) -> list[str]:
        """Return the texts around all gaps, with one between manifests, which end their lines."""
        found: list[str] = []
        last = ""
        for part in self._parts:
            own, pieces = pieces[: len(part.gaps)], pieces[len(part.gaps) :]
            first, *others = part.texts
            *done, last = f"{last}{first}", *others
            found += done
            ends = part.filled(own).endswith("\n")
            last += between if ends else f"\n{between}"
        return [*found, last.removesuffix(between)]

    def key(self, pieces: Pieces, marks: Marks, rule: KindRule) -> Key:
        """Return pieces with marks for harmless texts, also inside those that hold other text."""
        found: list[object] = [rule.type, *map(marks.get, pieces, pieces)]
        for number in self._mixed:
            piece = pieces[number]
            if len(piece) <= _LONGEST:
                found[number + 1] = _marked(piece, marks)
        return tuple(found)

    def _filled(self, computed: _Computed, context: Context) -> str:
        number, gap, of_cluster, of_values = computed
        if not of_cluster:
            return gap.print(context.shared_data)
        values = context.values
        cluster = context.assignment.cluster_type.name
        place = (number, id(values), "" if of_values else cluster)
        kept = self._kept.get(place)
        if kept is not None and kept[0] is values:
            text = kept[1]
        else:
            text = self._keep(self._kept, place, values, gap.print(context.shared_data))
        if "{{" not in text:
            return text
        if context.target.braces:  # they could join to an action
            raise KeyError
        place = (number, id(values), cluster)
        kept = self._again.get(place)
        if kept is not None and kept[0] is values:
            return kept[1]
        return self._keep(self._again, place, values, self._rendered(text, context))

    @staticmethod
    def _keep(kept: _Kept, place: _Place, values: object, text: str) -> str:
        if len(kept) >= _MOST:
            kept.clear()
        kept[place] = values, text
        return text

    def _rendered(self, text: str, context: Context) -> str:
        """Render a result that is a template again, of what the cluster type decides.

        Raises:
            KeyError: The result needs more than that, or rendering it does not end.
        """

        def render(again: str) -> str:
            found = self._parse(again)
            if found is None or not all(_reads_only(gap, _OF_CLUSTER) for gap in found.gaps):
                raise KeyError
            return found.filled([gap.print(context.shared_data) for gap in found.gaps])

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


def _reads_only(gap: Gap, fields: frozenset[str]) -> bool:
    return gap.reads is not None and gap.reads <= fields


def _getter(keys: Sequence[object]) -> Callable[[Mapping[object, str]], Pieces]:
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
