"""Flux: from the objects of one API to evidence of one cluster.

The environment's own Kustomization is the one whose source is the GitOps repository at the
environment's branch and whose path is the folder of the cluster type. It is found by that and not
by its name, and it counts for the cluster that it applies to, wherever it lives.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import Expected, ExpectedCluster, ObjectId
from kalypso.promotion.findings import unknown, wait
from kalypso.promotion.readers.addresses import same_folder, same_repository
from kalypso.promotion.readers.answers import Answer
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.flux_objects import (
    KUSTOMIZE,
    SOURCES,
    kustomization_state,
    source_state,
)
from kalypso.promotion.readers.nested import (
    Look,
    health_findings,
    lands_on,
    sightings,
    steady_of,
    with_its_source,
)
from kalypso.promotion.readers.state import State
from kalypso.promotion.revisions import commit_on

_HEADS = "refs/heads/"


def flux_evidence(
    answer: Answer, expected: Expected, cluster: ExpectedCluster
) -> tuple[Evidence, ...]:
    """Return what the Kustomizations of an environment say about a cluster; none without one."""
    found = (
        _evidence(answer, expected, cluster, identity, fields)
        for identity, fields in answer.of_kind(KUSTOMIZE, "Kustomization")
        if _is_ours(answer, expected, cluster, fields)
    )
    return tuple(found)


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


def _is_ours(answer: Answer, expected: Expected, cluster: ExpectedCluster, fields: Fields) -> bool:
    try:
        if not same_folder(fields.optional_text("spec", "path"), cluster.cluster_type):
            return False
        source = fields.inner("spec", "sourceRef")
        namespace = source.optional_text("namespace") or fields.text("metadata", "namespace")
        name = ObjectId(SOURCES, source.text("kind"), namespace, source.text("name"))
        repository = answer.find(name)
        if repository is None:
            return False
        ours = same_repository(repository.text("spec", "url"), expected.repository)
        if not (ours and tracks(repository, expected.branch)):
            return False
        destination = kustomization_state(fields).destination
    except Unclear:
        return _ours_by_name(fields, cluster)
    here = not destination and answer.place == cluster.hub
    return here or lands_on(destination, Look(answer, cluster))


def _ours_by_name(fields: Fields, cluster: ExpectedCluster) -> bool:
    """Return whether an object that cannot be read is the cluster's, so that it closes the gate."""
    try:
        return same_folder(fields.optional_text("spec", "path"), cluster.cluster_type)
    except Unclear:
        return False


def _evidence(
    answer: Answer,
    expected: Expected,
    cluster: ExpectedCluster,
    identity: ObjectId,
    fields: Fields,
) -> Evidence:
    name = str(identity)
    try:
        state = kustomization_state(fields)
        source = _source(answer, state)
    except Unclear as error:
        found = unknown(f"{name}: {error}")
        return Evidence(
            cluster=cluster.name, channel="cluster", findings=(found,), asked=answer.asked
        )
    look = Look(answer, cluster).below(identity)
    objects = sightings(state.applies, look)
    applied = commit_on(state.revision, expected.branch) or ""
    own = [
        *state.findings,
        *with_its_source(state, look),
        *health_findings(state, look, nested=False),
    ]
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
        leftovers=tuple(_leftovers(answer, identity, state)),
        asked=answer.asked,
        clock=answer.clock,
        as_of=state.as_of,
        fresh_for=state.fresh_for,
        steady_since=steady_of(state, look),
    )


def _source(answer: Answer, state: State) -> State:
    fields = answer.find(state.source) if state.source else None
    return source_state(fields) if fields else State(findings=(wait("its source is missing"),))


def _leftovers(answer: Answer, owner: ObjectId, state: State) -> Iterator[str]:
    """Return the reconcilers that carry the owner's label and are not in its inventory."""
    labels = {f"{KUSTOMIZE}/name": owner.name, f"{KUSTOMIZE}/namespace": owner.namespace}
    for group, kind in ((KUSTOMIZE, "Kustomization"), ("argoproj.io", "Application")):
        for identity, fields in answer.of_kind(group, kind):
            try:
                own = fields.inner("metadata", "labels").raw
            except Unclear:
                continue
            if identity not in state.applies and labels.items() <= own.items():
                yield str(identity)
