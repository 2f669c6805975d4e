"""The gaps of a template, and what fills them for an assignment.

What a deployment target decides is found once for all its assignments, and what the configuration
decides, with or without the cluster type, once for all that share them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from operator import itemgetter
from typing import Literal, NamedTuple

from kalypso.rendering.context import Context, TargetData
from kalypso.rendering.second_pass import render_again
from kalypso.template import Gap, Gaps

Pieces = tuple[str, ...]
"""What fills gaps, in their order."""

_OF_CLUSTER = frozenset({"ConfigData", "Environment", "ClusterType"})
"""Fields that are the same for all assignments with one cluster type and one configuration."""
_MOST = 4096
"""Texts of gaps that are kept."""

_Side = Literal["target", "namespace", "cluster", "both"]
"""What decides what fills a gap. What computes something from anything else has both."""


class Column(NamedTuple):
    """What a cluster type with one configuration fills in, whatever runs there."""

    values: object
    """The configuration; held, since it is known by its identity."""
    pieces: Pieces | None
    """None if everything has to be rendered."""
    again: bool = False
    """Whether some of it was a template once more, which braces of a team could join."""


class Form:
    """The gaps of all manifests of a template."""

    def __init__(self, parts: Sequence[Gaps], parse: Callable[[str], Gaps | None]) -> None:
        self._parts = parts
        gaps = [gap for part in parts for gap in part.gaps]
        sides = [_side(gap) for gap in gaps]

        def of(side: _Side) -> list[Gap]:
            return [gap for gap, own in zip(gaps, sides, strict=True) if own == side]

        self._fields = [gap.names for gap in of("target")]
        self._of_cluster, self._of_both = of("cluster"), of("both")
        self.has_namespace = "namespace" in sides
        """Whether some gap prints the namespace."""
        self.has_values = any(_reads(gap, "ConfigData") for gap in self._of_cluster)
        """Whether the configuration decides what fills some gap, alone or with the cluster type."""
        self.is_mixed = bool(self._of_both)
        """Whether some gap is computed from more than one side."""
        self.in_order = _in_order(sides)
        """Brings pieces of a row, a namespace, pieces of a column and mixed ones into the order of
        the gaps."""
        self._parse = lru_cache(_MOST)(parse)
        self._kept: dict[tuple[int, int], tuple[object, str, bool]] = {}
        """Configurations, what they print and whether that is a template again, by the numbers of
        gaps and the configurations' identities."""

    def row(self, target: TargetData) -> Pieces:
        """Return what a target fills in, wherever it is assigned.

        Raises:
            KeyError: A field is missing.
        """
        return tuple(map(target.text, self._fields))

    def column(self, context: Context) -> Column:
        """Return what the cluster type of an assignment fills in.

        Raises:
            TemplateError: A gap cannot be filled.
        """
        found = [self._printed(number, context) for number in range(len(self._of_cluster))]
        again = any(more for _, more in found)
        try:
            pieces = tuple(
                [self._rendered(text, context) if more else text for text, more in found]
            )
        except KeyError:
            return Column(context.values, None)
        return Column(context.values, pieces, again)

    def mixed(self, context: Context) -> Pieces:
        """Return what is computed from more than one side.

        Raises:
            TemplateError: A gap cannot be filled.
        """
        return tuple([gap.print(context.shared_data) for gap in self._of_both])

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

    def _printed(self, number: int, context: Context) -> tuple[str, bool]:
        """Return what a gap prints, and whether that is a template again."""
        gap, values = self._of_cluster[number], context.values
        if not _reads(gap, "ConfigData") or _reads(gap, "ClusterType"):
            text = gap.print(context.shared_data)
            return text, "{{" in text
        place = number, id(values)
        kept = self._kept.get(place)
        if kept is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            text = gap.print(context.shared_data)
            kept = self._kept[place] = values, text, "{{" in text
        return kept[1:]

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


def _side(gap: Gap) -> _Side:
    match gap.names:
        case ("Namespace",):
            return "namespace"
        case (("Labels" | "Manifests"), _):
            return "target"
        case (name,) if name not in ("Labels", "Manifests") and name not in _OF_CLUSTER:
            return "target"
        case _:
            return "cluster" if _reads_only(gap, _OF_CLUSTER) else "both"


def _reads_only(gap: Gap, fields: frozenset[str]) -> bool:
    return gap.reads is not None and gap.reads <= fields


def _reads(gap: Gap, field: str) -> bool:
    return gap.reads is not None and field in gap.reads


def _in_order(sides: Sequence[_Side]) -> Callable[[Pieces], Pieces]:
    """Return what brings pieces, sorted by side, into the order of the gaps."""
    namespace = sides.count("target")
    places = {
        "target": count(),
        "cluster": count(namespace + 1),
        "both": count(namespace + 1 + sides.count("cluster")),
    }
    wanted = [namespace if side == "namespace" else next(places[side]) for side in sides]
    if len(wanted) > 1:
        return itemgetter(*wanted)
    return lambda pieces: tuple(pieces[place] for place in wanted)
