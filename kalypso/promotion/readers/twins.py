"""Clusters that say the same, apart from when: what one of them has applied is looked at once.

Clusters of a type run the same objects. Where every object of an answer has the form of one in an
answer before, nothing but its times can make a difference: they are read from each object, and if
one is missing or says too much, that cluster is looked at like the first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import SOURCES, Expected, ExpectedCluster, ObjectId
from kalypso.promotion.readers.answers import Answer
from kalypso.promotion.readers.fields import Fields, Raw, Unclear
from kalypso.promotion.readers.flux_objects import KUSTOMIZE
from kalypso.promotion.readers.forms import key_of, whole_form_of
from kalypso.promotion.readers.lateness import ahead, newest, stale
from kalypso.promotion.readers.look import Look, all_steady, state_of
from kalypso.promotion.readers.moments import (
    condition_times,
    kustomization_times,
    source_times,
)
from kalypso.promotion.readers.state import Times
from kalypso.promotion.readers.text_twins import InText, reader_of, times_in_text

T = TypeVar("T")
Walk = Callable[[Look, Expected], tuple[Evidence, ...]]
_MOST_ANSWERS = 64
"""Answers are forgotten beyond that: what was seen of each is some megabytes."""
_READ: Mapping[str, Callable[[Fields], Times]] = {
    KUSTOMIZE: kustomization_times,
    SOURCES: source_times,
}
"""How the times of an object are read, by its group; of all others, conditions alone have any."""


class _Timed(NamedTuple):
    """An object whose times count, by its place in the answer."""

    place: int
    read: Callable[[Fields], Times]
    fresh_for: float | None
    own: bool
    on_the_way: bool
    """Whether it is one of the reconcilers that have to be steady."""


class _Known(NamedTuple):
    """What was seen of a cluster, and the times that it depends on."""

    evidence: Evidence
    timed: tuple[_Timed, ...]


class Twins:
    """What was seen of clusters that may have twins."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[Hashable, _Known] = {}
        self._texts: dict[Hashable, tuple[_Known, Mapping[int, InText]] | None] = {}
        """By form of the text; None where its values are not times only."""

    def evidence(
        self, answer: Answer, expected: Expected, cluster: ExpectedCluster, walk: Walk
    ) -> tuple[Evidence, ...]:
        """Return what an answer says about a cluster.

        Args:
            answer: Of the cluster, or of a hub.
            expected: What is waited for.
            cluster: The cluster.
            walk: Looks at everything in the answer.
        """
        if cluster.hub or answer.place != cluster.name:
            return walk(Look(answer, cluster), expected)
        where = _where(answer, expected, cluster)
        text = None if answer.said is None else (answer.said.form, where)
        again = self._by_text(text, answer, cluster)
        if again is not None:
            return (again,)
        form = key_of(*map(whole_form_of, answer.objects))
        key = form and (form, where)
        known = self._known.get(key)
        if known is not None:
            again = _at_its_times(known, answer.objects.__getitem__, answer, cluster)
        look = Look(answer, cluster)
        found = walk(look, expected) if again is None else (again,)
        if key is not None and known is None and len(found) == 1:
            known = self._remember(key, found[0], look)
        if known is not None and text is not None and text not in self._texts:
            self._remember_text(text, known, answer)
        return found

    def _by_text(self, key: Hashable, answer: Answer, cluster: ExpectedCluster) -> Evidence | None:
        """Return evidence of an answer whose text is known, without a look at its objects."""
        known = self._texts.get(key)
        if known is None or answer.said is None:
            return None
        seen, times = known
        return _at_its_times(seen, reader_of(times, answer.said.values()), answer, cluster)

    def _remember_text(self, key: Hashable, known: _Known, answer: Answer) -> None:
        """Keep where the times of an answer are in its text."""
        if answer.said is not None:
            places = [each.place for each in known.timed]
            times = times_in_text(answer.said.marked(), places)
            _keep(self._texts, key, None if times is None else (known, times))

    def _remember(self, key: Hashable, evidence: Evidence, look: Look) -> _Known | None:
        """Keep what was seen, if the times alone lead from the answer to it again."""
        if any(look.cluster.name in text for text in _texts(evidence)):
            return None
        if any(each.state is None for each in look.timed if each.identity.is_reconciler):
            return None  # its form is unclear, or its times are: nobody knows here
        known = _Known(evidence, tuple(_timed(look)))
        objects = look.answer.objects
        if _at_its_times(known, objects.__getitem__, look.answer, look.cluster) != evidence:
            return None
        _keep(self._known, key, known)
        return known


evidence_of_twins = Twins().evidence


def _keep(known: dict[Hashable, T], key: Hashable, value: T) -> None:
    if len(known) >= _MOST_ANSWERS:
        known.pop(next(iter(known)))
    known[key] = value


def _where(answer: Answer, expected: Expected, cluster: ExpectedCluster) -> Hashable:
    """Return what evidence depends on besides the objects."""
    names = answer.unserved, answer.listed, cluster.destinations
    where = expected.repository, expected.branch, cluster.cluster_type
    return *map(frozenset, names), where


def _timed(look: Look) -> Iterator[_Timed]:
    """Return each object whose times were read, once."""
    places = {id(raw): place for place, raw in enumerate(look.answer.objects)}
    own = {id(each.fields.raw) for each in look.timed if each.own}
    on_the_way = {id(each.fields.raw) for each in look.steady}
    for name, each in {id(each.fields.raw): each for each in look.timed}.items():
        if each.state is None or each.state.times != Times():
            yield _Timed(
                place=places[name],
                read=_reader_of(each.identity),
                fresh_for=each.state and each.state.fresh_for,
                own=name in own,
                on_the_way=name in on_the_way,
            )


def _reader_of(identity: ObjectId) -> Callable[[Fields], Times]:
    if identity.is_reconciler:
        return _READ.get(identity.group, lambda fields: state_of(identity, fields).times)
    return condition_times


def _at_its_times(
    known: _Known, read: Callable[[int], Raw], answer: Answer, cluster: ExpectedCluster
) -> Evidence | None:
    """Return what is known with the times of another answer; None if those say anything."""
    own, steady, last = [], [], 0.0
    for each in known.timed:
        try:
            times = each.read(Fields(read(each.place)))
        except Unclear:
            return None
        if each.own:
            own.append(times.as_of)
            times = times._replace(as_of=None)
        last = max(last, newest(times))
        if each.fresh_for is not None and any(stale(times, each.fresh_for, answer)):
            return None
        if each.own or each.on_the_way:
            steady.append(times.steady_since)
    if len(own) != 1 or any(ahead((last,), answer)):
        return None
    return replace(
        known.evidence,
        cluster=cluster.name,
        asked=answer.asked,
        clock=answer.clock,
        as_of=own[0],
        steady_since=all_steady(steady),
    )


def _texts(evidence: Evidence) -> Iterator[str]:
    """Return all that is said, which may name the cluster."""
    for seen in (evidence.objects or {}).values():
        yield from (finding.text for finding in seen.findings)
    yield from (finding.text for finding in evidence.findings)
