"""Flux: from the objects of one API to evidence of one cluster.

The environment's own Kustomization is the one whose source is the GitOps repository at the
environment's branch and whose path is the folder of the cluster type. It is found by that and not
by its name, and it counts for the cluster that it applies to, wherever it lives.
"""

from __future__ import annotations

from kalypso.promotion.evidence import Evidence, Sighting
from kalypso.promotion.expected import Expected, ExpectedCluster, ObjectId
from kalypso.promotion.findings import unknown, wait
from kalypso.promotion.readers.addresses import same_folder, same_repository
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.flux_objects import KUSTOMIZE, source_of
from kalypso.promotion.readers.lateness import lag
from kalypso.promotion.readers.look import Look, lands_on, steady_of
from kalypso.promotion.readers.nested import (
    health_findings,
    left_behind,
    sightings,
    with_its_source,
    with_strays,
)
from kalypso.promotion.readers.state import State
from kalypso.promotion.revisions import commit_on

_HEADS = "refs/heads/"


def flux_evidence(around: Look, expected: Expected) -> tuple[Evidence, ...]:
    """Return what the Kustomizations of an environment say about a cluster; none without one."""
    answer, cluster = around.answer, around.cluster
    found: list[Evidence] = []
    strays: dict[ObjectId, str] = {}
    for identity, fields in answer.of_kind(KUSTOMIZE, "Kustomization"):
        try:
            if not _reads_environment(around, expected, identity, fields):
                continue
            if _has_our_folder(fields, cluster):
                found.append(_evidence(around, expected, identity, fields))
            else:
                path = fields.optional_text("spec", "path")
                strays[identity] = f"{identity}, which applies {path or 'everything'}"
        except Unclear as error:
            # It may be the cluster's, so what it does not say keeps the gate closed.
            if _has_our_folder(fields, cluster):
                found.append(
                    Evidence(
                        cluster=cluster.name,
                        channel="cluster",
                        findings=(unknown(f"{identity}: {error}"),),
                        asked=answer.asked,
                    )
                )
    return with_strays(found, strays)


def tracks(repository: Fields, branch: str) -> bool:
    """Return whether a GitRepository follows a branch: whatever else it names would win over it.

    Raises:
        Unclear: A field has another type than it should.
    """
    ref = repository.inner("spec", "ref")
    if any(ref.has(kind) for kind in ("commit", "semver", "tag")):
        return False
    name = ref.optional_text("name")
    if name:
        return name == f"{_HEADS}{branch}"
    return ref.optional_text("branch").removeprefix(_HEADS) == branch


def _reads_environment(
    around: Look, expected: Expected, identity: ObjectId, fields: Fields
) -> bool:
    """Return whether a Kustomization applies the environment's branch to the cluster."""
    answer, cluster = around.answer, around.cluster
    repository = answer.find(source_of(fields))
    if repository is None:
        return False
    same = same_repository(repository.text("spec", "url"), expected.repository)
    if not (same and tracks(repository, expected.branch)):
        return False
    answer.find(identity)  # refuses one in an unknown version, or listed twice
    destination = around.state(identity, fields).destination
    here = not destination and answer.place == cluster.hub
    return here or lands_on(destination, around)


def _has_our_folder(fields: Fields, cluster: ExpectedCluster) -> bool:
    try:
        return same_folder(fields.optional_text("spec", "path"), cluster.cluster_type)
    except Unclear:
        return False


def _evidence(around: Look, expected: Expected, identity: ObjectId, fields: Fields) -> Evidence:
    answer, cluster, look = around.answer, around.cluster, around.below(identity)
    name = str(identity)
    state = look.own_state(identity, fields)
    source = _source(look, state)
    objects = _as_written(sightings(state.applies, look), around, fields, state)
    applied = commit_on(state.revision, expected.branch) or ""
    own = [
        *state.findings,
        *with_its_source(state, look),
        *lag(state.times._replace(as_of=None), None, answer),
        *health_findings(state, look, nested=False),
    ]
    gone = tuple(left_behind(identity, fields, state, answer)) if state.revision else ()
    own += [wait(f"{each} should be gone, and still runs") for each in gone]
    kept = tuple(left_behind(identity, fields, state, answer, pruned=False))
    if not applied and state.revision:
        own.append(unknown(f"which commit {state.revision!r} is"))
    reached = (commit_on(each, expected.branch) for each in (state.tried, source.revision))
    return Evidence(
        cluster=cluster.name,
        channel="cluster",
        commit=applied,
        reached=frozenset(each for each in reached if each),
        findings=tuple(finding.on(name) for finding in dict.fromkeys(own)),
        objects=objects,
        leftovers=tuple(map(str, kept)),
        orphans=tuple(map(str, (*gone, *kept))),
        asked=answer.asked,
        clock=answer.clock,
        as_of=state.as_of,
        fresh_for=state.fresh_for,
        steady_since=steady_of(state, look),
    )


def _as_written(
    objects: dict[ObjectId, Sighting], around: Look, fields: Fields, state: State
) -> dict[ObjectId, Sighting]:
    """Return what was seen, by how manifests name it.

    A hub keeps the reconcilers of a cluster in a namespace of its own, whatever manifests say.
    """
    on_hub = around.answer.place == around.cluster.hub and not state.destination
    if not (on_hub and fields.optional_text("spec", "targetNamespace")):
        return objects
    return {
        each._replace(namespace="") if each.is_reconciler else each: seen
        for each, seen in objects.items()
    }


def _source(look: Look, state: State) -> State:
    fields = look.answer.find(state.source) if state.source else None
    if state.source is None or fields is None:
        return State(findings=(wait("its source is missing"),))
    return look.state(state.source, fields)
