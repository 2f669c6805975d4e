"""What a reconciler has applied, looked at one by one, and through other reconcilers in turn.

The environment's own reconciler brings reconcilers to the cluster, and those bring the workloads.
Each has to be there, belong to who brought it, agree with its own source and be healthy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from kalypso.promotion.evidence import Evidence, Sighting
from kalypso.promotion.expected import SOURCES, ObjectId
from kalypso.promotion.findings import Finding, Outcome, unknown, wait
from kalypso.promotion.readers.answers import Answer, labels_of
from kalypso.promotion.readers.fields import Fields, Raw, Unclear
from kalypso.promotion.readers.flux_objects import HELM, KUSTOMIZE
from kalypso.promotion.readers.lateness import ahead, lag
from kalypso.promotion.readers.look import Look, Steady, Timed, lands_on
from kalypso.promotion.readers.moments import condition_times
from kalypso.promotion.readers.once import Once
from kalypso.promotion.readers.state import State
from kalypso.promotion.readers.workloads import PASSIVE, health_of
from kalypso.promotion.revisions import shown

_OWNER = f"{KUSTOMIZE}/name", f"{KUSTOMIZE}/namespace"
_PRUNE = f"{KUSTOMIZE}/prune"
_DATA_KEYS = ("data", "binaryData")
_HEALTH = "applied, health unknown"


def sightings(applied: Iterable[ObjectId], look: Look) -> dict[ObjectId, Sighting]:
    """Return what is seen of each object that was applied."""
    return {identity: _sight(identity, look) for identity in applied}


def health_findings(state: State, look: Look, *, nested: bool = True) -> Iterator[Finding]:
    """Return what speaks against the health of what an object has applied.

    Args:
        state: Of the object.
        look: At what it has applied.
        nested: Whether the reconcilers among that are looked at too.
    """
    for identity in state.applies:
        if identity.is_reconciler:
            found = _sight(identity, look).findings if nested else ()
        elif not state.assessed:
            found = _workload(identity, look)
        else:
            found = ()
        yield from (finding.on(str(identity)) for finding in found)


def with_its_source(state: State, look: Look) -> Iterator[Finding]:
    """Return whether a Kustomization agrees with its own source, and what that says."""
    if state.source is None:
        return
    try:
        fields = look.answer.find(state.source)
        if fields is None:
            yield wait(f"its source {state.source} does not exist")
            return
        source, found = _source(state.source, fields, look)
    except Unclear as error:
        yield unknown(f"{state.source}: {error}")
        return
    yield from (finding.on(str(state.source)) for finding in found)
    if state.revision and source.revision != state.revision:
        have, new = shown(state.revision), shown(source.revision)
        yield wait(f"it has applied {have}, and its source is at {new}")


def _sight(identity: ObjectId, look: Look) -> Sighting:
    if identity in look.trail:
        return Sighting((wait("it applies itself"),))
    try:
        fields = look.answer.find(identity)
        if not identity.is_reconciler:
            return _plain(identity, fields, look)
        if fields is None:
            served = identity.group not in look.answer.unserved
            why = "it does not exist" if served else "the cluster does not serve its API"
            return Sighting((wait(why),))
        if identity.group == SOURCES:
            state, found = _source(identity, fields, look)
            findings = (*_owned(fields, look), *found)
        else:
            state = look.state(identity, fields)
            findings = tuple(_reconciler(identity, fields, state, look))
        return Sighting(findings, state.body or {"spec": fields.inner("spec").raw})
    except Unclear as error:
        return Sighting((unknown(str(error)),), {})


def _source(identity: ObjectId, fields: Fields, look: Look) -> tuple[State, tuple[Finding, ...]]:
    """Return the state of a source, and what speaks against it.

    It is looked at by itself and for what reads it.
    """
    known = look.sources.get(identity)
    if known is None:
        state = look.state(identity, fields)
        late = lag(state.times, state.fresh_for, look.answer)
        known = look.sources[identity] = state, (*state.findings, *late)
    return known


def _reconciler(identity: ObjectId, fields: Fields, state: State, look: Look) -> Iterator[Finding]:
    yield from _owned(fields, look)
    yield from state.findings
    yield from lag(state.times, state.fresh_for, look.answer)
    if not lands_on(state.destination, look):
        where = state.destination or look.answer.place
        yield wait(f"it applies to {where}, not to {look.cluster.name}")
    look.steady.append(Steady(fields, state.steady_since))
    yield from with_its_source(state, look)
    if identity.group == KUSTOMIZE and state.revision and not state.applies:
        yield wait("it has applied no object")
    if identity.group == HELM and not state.assessed:
        yield Finding(Outcome.UNKNOWN, f"{_HEALTH}: it does not wait", about="health")
    yield from health_findings(state, look.below(identity))
    gone = left_behind(identity, fields, state, look.answer) if state.revision else ()
    for name in gone:
        yield wait(f"{name} should be gone, and still runs")


def left_behind(
    owner: ObjectId, fields: Fields, state: State, answer: Answer, *, pruned: bool = True
) -> Iterator[ObjectId]:
    """Return what carries the label of a Kustomization and is not in its inventory.

    Args:
        owner: The Kustomization.
        fields: The object.
        state: What it says.
        answer: Where it lives.
        pruned: Whether what it should remove is wanted, or what it leaves alone.
    """
    if owner.group != KUSTOMIZE:
        return
    owned = answer.labelled(_OWNER, (owner.name, owner.namespace))
    for identity in sorted(owned.keys() - state.applies):
        each = owned[identity]
        kept = each.inner("metadata", "annotations").raw.get(_PRUNE) == "disabled"
        if pruned == (fields.flag("spec", "prune") and not kept):
            yield identity


def _owned(fields: Fields, look: Look) -> Iterator[Finding]:
    """Return whether an object belongs to the Kustomization that says it applied it."""
    owner = look.trail[-1] if look.trail else None
    if owner is None or owner.group != KUSTOMIZE:
        return
    said = labels_of(fields, _OWNER)
    if said != (owner.name, owner.namespace):
        name = "/".join(reversed(said)) if any(said) else "nobody"
        yield wait(f"it belongs to {name}, not to {owner.namespace}/{owner.name}")


def _plain(identity: ObjectId, fields: Fields | None, look: Look) -> Sighting:
    if fields is None:
        missing = identity.kind in look.answer.listed
        return Sighting((wait("it does not exist"),) if missing else ())
    findings = list(_owned(fields, look))
    if fields.has("metadata", "deletionTimestamp"):
        findings.append(wait("it is being deleted"))
    if identity.kind == "Namespace" and fields.optional_text("status", "phase") == "Terminating":
        findings.append(wait("it is being deleted"))
    if identity.kind != "ConfigMap" or identity.group:
        return Sighting(tuple(findings))
    return Sighting(tuple(findings), _DATA({key: fields.raw.get(key) for key in _DATA_KEYS}))


def _data_of(fields: Fields) -> dict[str, Raw]:
    return {key: fields.inner(key).raw for key in _DATA_KEYS if fields.has(key)}


_DATA = Once(_data_of)
"""What a ConfigMap holds."""


def _workload(identity: ObjectId, look: Look) -> tuple[Finding, ...]:
    if (identity.group, identity.kind) in PASSIVE:
        return ()
    try:
        fields = look.answer.find(identity)
        found = None if fields is None else health_of(identity, fields)
        owned = () if fields is None else (*_owned(fields, look), *_of_now(identity, fields, look))
    except Unclear as error:
        return (unknown(str(error)),)
    if found is None:
        why = "it was not read" if fields is None else f"nothing here knows a {identity.kind}"
        return (Finding(Outcome.UNKNOWN, f"{_HEALTH}: {why}", about="health"),)
    return (*owned, *found)


def _of_now(identity: ObjectId, fields: Fields, look: Look) -> Iterator[Finding]:
    look.timed.append(Timed(identity, fields))
    yield from ahead(condition_times(fields).moments, look.answer)


def with_strays(found: Sequence[Evidence], strays: Mapping[ObjectId, str]) -> tuple[Evidence, ...]:
    """Return evidence with reconcilers of the environment's branch that apply something else.

    Those that an assignment has brought are wanted.
    """
    wanted = {name for each in found for name in each.objects or ()}
    shown = tuple(text for name, text in strays.items() if name not in wanted)
    return tuple(replace(each, orphans=(*each.orphans, *shown)) for each in found)
