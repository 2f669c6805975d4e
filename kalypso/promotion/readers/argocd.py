"""Argo CD: from the Applications of one API to evidence of one cluster.

The environment's own Application reads the folder of the cluster type from the GitOps repository,
and brings one Application for each assignment. It is found by that source, and counts for the
cluster where the child Applications go, wherever Argo CD runs.
"""

from __future__ import annotations

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import Expected, ExpectedCluster, ObjectId
from kalypso.promotion.findings import unknown
from kalypso.promotion.readers.addresses import same_folder, same_repository
from kalypso.promotion.readers.argo_objects import (
    APPLICATION,
    ARGO,
    leftovers,
    revisions_of,
    sources_of,
)
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.lateness import lag
from kalypso.promotion.readers.look import Look, lands_on, steady_of
from kalypso.promotion.readers.nested import sightings, with_strays
from kalypso.promotion.readers.state import State
from kalypso.promotion.revisions import commit_on, read_revision

_HEADS = "refs/heads/"


def argocd_evidence(around: Look, expected: Expected) -> tuple[Evidence, ...]:
    """Return what the Applications of an environment say about a cluster; none without one."""
    answer, cluster = around.answer, around.cluster
    found: list[Evidence] = []
    strays: dict[ObjectId, str] = {}
    for identity, fields in answer.of_kind(ARGO, APPLICATION):
        try:
            paths = _paths(fields, expected)
            places = [at for at, path in paths.items() if same_folder(path, cluster.cluster_type)]
            if paths and not places and _is_about(around.state(identity, fields), around):
                shown = ", ".join(path or "everything" for path in paths.values())
                strays[identity] = f"{identity}, which applies {shown}"
            if len(places) != 1:
                continue
            answer.find(identity)  # refuses one in an unknown version, or listed twice
            state = around.own_state(identity, fields, places[0])
            if not _is_about(state, around):
                continue
            found.append(_evidence(around.apart(), expected, identity, fields, state))
        except Unclear as error:
            if _may_apply_it(fields, cluster):
                finding = unknown(f"{identity}: {error}")
                found.append(
                    Evidence(
                        cluster=cluster.name,
                        channel="cluster",
                        findings=(finding,),
                        asked=answer.asked,
                    )
                )
    return with_strays(found, strays)


def _paths(fields: Fields, expected: Expected) -> dict[int, str]:
    """Return the folders of the environment's branch that an Application applies, by source."""
    return {
        place: source.optional_text("path")
        for place, source in enumerate(sources_of(fields, "spec"))
        if same_repository(source.text("repoURL"), expected.repository)
        and source.optional_text("targetRevision").removeprefix(_HEADS) == expected.branch
    }


def _is_about(state: State, look: Look) -> bool:
    on_hub = not state.destination and look.answer.place == look.cluster.hub
    return on_hub or lands_on(state.destination, look)


def _may_apply_it(fields: Fields, cluster: ExpectedCluster) -> bool:
    """Return whether an object that cannot be read is the cluster's, so that it closes the gate."""
    try:
        sources = sources_of(fields, "spec")
        return any(
            same_folder(source.optional_text("path"), cluster.cluster_type) for source in sources
        )
    except Unclear:
        return False


def _evidence(
    around: Look, expected: Expected, identity: ObjectId, fields: Fields, state: State
) -> Evidence:
    answer, cluster, look = around.answer, around.cluster, around.below(identity)
    commit = commit_on(state.revision, expected.branch) or ""
    own = [*state.findings, *lag(state.times._replace(as_of=None), None, answer)]
    if not commit and read_revision(state.revision):
        own.append(unknown(f"which commit {state.revision!r} is"))
    objects = sightings(state.applies, look)
    return Evidence(
        cluster=cluster.name,
        channel="cluster",
        commit=commit,
        reached=frozenset(_reached(fields, expected)),
        findings=tuple(finding.on(str(identity)) for finding in own),
        objects=objects,
        leftovers=leftovers(fields),
        orphans=leftovers(fields),
        asked=answer.asked,
        clock=answer.clock,
        as_of=state.as_of,
        fresh_for=state.fresh_for,
        steady_since=steady_of(state, look),
    )


def _reached(fields: Fields, expected: Expected) -> list[str]:
    found = [commit_on(each, expected.branch) for each in revisions_of(fields, "status", "sync")]
    return [each for each in found if each]
