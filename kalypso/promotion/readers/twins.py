"""Clusters that say the same, apart from when: what one of them has applied is looked at once.

Clusters of a type run the same objects. Where every object of an answer has the form of one in an
answer before, nothing but its times can make a difference: they are read from each object, and if
one is missing or says too much, that cluster is looked at like the first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import SOURCES, Expected, ExpectedCluster, ObjectId
from kalypso.promotion.readers.answers import Answer
from kalypso.promotion.readers.fields import Fields, Unclear
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
        key = _key(answer, expected, cluster)
        known = self._known.get(key)
        if known is not None:
            again = _at_its_times(known, answer, cluster)
            if again is not None:
                return (again,)
        look = Look(answer, cluster)
        found = walk(look, expected)
        if key is not None and known is None and len(found) == 1:
            self._remember(key, found[0], look)
        return found

    def _remember(self, key: Hashable, evidence: Evidence, look: Look) -> None:
        """Keep what was seen, if the times alone lead from the answer to it again."""
        if any(look.cluster.name in text for text in _texts(evidence)):
            return
        if any(each.state is None for each in look.timed if each.identity.is_reconciler):
            return  # its form is unclear, or its times are: nobody knows here
        known = _Known(evidence, tuple(_timed(look)))
        if _at_its_times(known, look.answer, look.cluster) != evidence:
            return
        if len(self._known) >= _MOST_ANSWERS:
            self._known.pop(next(iter(self._known)))
        self._known[key] = known


evidence_of_twins = Twins().evidence


def _key(answer: Answer, expected: Expected, cluster: ExpectedCluster) -> Hashable | None:
    """Return what is the same for clusters that say the same; None where none is looked for."""
    if cluster.hub or answer.place != cluster.name:
        return None
    form = key_of(*map(whole_form_of, answer.objects))
    names = answer.unserved, answer.listed, cluster.destinations
    where = expected.repository, expected.branch, cluster.cluster_type
    return form and (form, *map(frozenset, names), where)


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


def _at_its_times(known: _Known, answer: Answer, cluster: ExpectedCluster) -> Evidence | None:
    """Return what is known with the times of another answer; None if those say anything."""
    objects, own, steady, last = answer.objects, [], [], 0.0
    for each in known.timed:
        try:
            times = each.read(Fields(objects[each.place]))
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
