"""The verdict on one cluster: everything that speaks against it, from every way it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from kalypso.promotion.ancestry import Ancestry
from kalypso.promotion.conditions import Conditions
from kalypso.promotion.evidence import Evidence, Sighting
from kalypso.promotion.expected import (
    SOURCES,
    Channel,
    Expected,
    ExpectedCluster,
    ObjectId,
    Wanted,
    short,
)
from kalypso.promotion.findings import Finding, Outcome, fail, superseded, unknown, wait
from kalypso.promotion.freshness import by_our_clock, staleness
from kalypso.promotion.likeness import Likeness
from kalypso.promotion.record import Span
from kalypso.promotion.revisions import shown
from kalypso.promotion.soak import next_span, not_long_enough
from kalypso.promotion.verdict import ClusterVerdict

_CHANNELS: Mapping[Channel, str] = {
    "cluster": "its API shows no reconciler of this environment",
    "azure": "Azure has no Flux configuration of this environment for it",
    "statuses": "no commit status",
    "reports": "no report",
}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the verdict on every cluster of a gate depends on."""

    expected: Expected
    ancestry: Ancestry
    conditions: Conditions
    now: float
    likeness: Likeness = msgspec.field(default_factory=Likeness)
    assignments: dict[tuple[object, ...], tuple[Evidence, tuple[Finding, ...]]] = msgspec.field(
        default_factory=dict
    )
    """What speaks against the assignments of clusters that have been looked at."""


def judge_cluster(
    question: Question,
    cluster: ExpectedCluster,
    evidence: Sequence[Evidence],
    before: Span | None,
) -> ClusterVerdict:
    """Return the verdict on a cluster.

    Args:
        question: What is waited for.
        cluster: The cluster.
        evidence: Everything that was seen of it; what it is not configured for is left out.
        before: How long it has been healthy, as the record knows.
    """
    used = [each for each in evidence if each.channel in cluster.evidence]
    findings = tuple(_against(question, cluster, used))
    span = next_span(before, findings, used, question.now)
    if not findings:
        findings = not_long_enough(span, question.conditions.healthy_for, question.now)
    confirmed = [by_our_clock(each, each.as_of) for each in used if each.as_of is not None]
    return ClusterVerdict(
        name=cluster.name,
        required=cluster.required,
        findings=findings,
        commit=next((each.commit for each in used if each.commit), ""),
        confirmed=min(confirmed, default=None),
        orphans=tuple(dict.fromkeys(name for each in used for name in each.orphans)),
        span=span,
    )


def _against(
    question: Question, cluster: ExpectedCluster, evidence: Sequence[Evidence]
) -> Iterator[Finding]:
    if not cluster.evidence:
        yield fail("no way of reading it is configured", lasting=True)
    for channel in cluster.evidence:
        found = [each for each in evidence if each.channel == channel]
        if not found:
            yield wait(f"no record: {_CHANNELS[channel]}")
        for each in found:
            yield from dict.fromkeys(_against_one(question, cluster, each))


def _against_one(
    question: Question, cluster: ExpectedCluster, evidence: Evidence
) -> Iterator[Finding]:
    expected, ancestry = question.expected, question.ancestry
    arrived = any(ancestry.holds(commit) for commit in (evidence.commit, *evidence.reached))
    own = [each if arrived else each.softened() for each in evidence.findings]
    behind: tuple[Finding, ...] = ()
    if evidence.commit:
        behind = ancestry.against(evidence.commit, expected.commit, expected.branch)
    elif not own:
        behind = (unknown("which commit it has applied"),)
    yield from behind
    yield from _as_configured(own, question.conditions)
    if not evidence.commit or any(each.outcome is Outcome.OUTSIDE for each in own):
        return
    yield from staleness(evidence, expected.merged, question.now)
    if not behind:
        yield from _assignments_once(question, cluster, evidence)
    if question.conditions.removal == "wait":
        yield from (wait(f"still running: {name}") for name in evidence.leftovers)


def _assignments_once(
    question: Question, cluster: ExpectedCluster, evidence: Evidence
) -> tuple[Finding, ...]:
    """Return what speaks against the assignments; clusters that say the same share objects."""
    key = id(evidence.objects), evidence.commit, evidence.sees, cluster.cluster_type
    known = question.assignments.get(key)
    if known is None:  # the evidence is kept, so that no other objects get that identity
        known = evidence, tuple(_assignments(question, cluster, evidence))
        question.assignments[key] = known
    return known[1]


def _assignments(
    question: Question, cluster: ExpectedCluster, evidence: Evidence
) -> Iterator[Finding]:
    known = question.ancestry.known[evidence.commit]
    if known.delivers is None:
        yield unknown(f"what {short(evidence.commit)} delivers, as its files were not read")
        return
    delivered = known.delivers.get(cluster.cluster_type, {})
    for target in question.expected.assignments.get(cluster.cluster_type, ()):
        if target not in delivered:
            yield superseded(f"{target}: {short(evidence.commit)} does not deliver it any more")
            continue
        found = [
            each for wanted in delivered[target] for each in _object(question, wanted, evidence)
        ]
        if not delivered[target] and evidence.sees != "nothing":
            found.append(unknown("what it brings, as no file of it is YAML"))
        for finding in _as_configured(_without_echoes(found), question.conditions):
            yield finding.on(target)


def _without_echoes(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings without those that only repeat what another object says of itself."""
    texts = {finding.text for finding in findings}
    return [each for each in findings if not any(each.text.endswith(f": {t}") for t in texts)]


def _as_configured(findings: Sequence[Finding], conditions: Conditions) -> Iterator[Finding]:
    for finding in findings:
        if finding.about != "health" or conditions.health == "healthy":
            yield finding


def _object(question: Question, wanted: Wanted, evidence: Evidence) -> Sequence[Finding]:
    """Return what speaks against one object of an assignment."""
    if evidence.sees == "nothing":
        return ()
    if evidence.sees == "reconcilers" and not wanted.id.is_reconciler:
        return ()
    found = _find(wanted.id, evidence.objects or {})
    if found is None:
        return (wait(f"{wanted.id} is missing: it is not among what was applied"),)
    if found.body is not None:
        differs = question.likeness.difference(wanted.body, found.body)
        if differs is not None:
            text = f"{wanted.id}: {differs} is not what {short(evidence.commit)} says"
            return (wait(text), *(each.softened().on(str(wanted.id)) for each in found.findings))
    elif wanted.id.is_reconciler and evidence.sees == "objects" and not found.findings:
        return (unknown(f"what {wanted.id} is asked to do"),)
    findings = [each.on(str(wanted.id)) for each in found.findings]
    findings += _apart_from_source(wanted, found, evidence)
    if found.health_by_manifest and not _waits(wanted):
        text = "applied, health unknown: it does not wait for what it applies"
        findings.append(Finding(Outcome.UNKNOWN, f"{wanted.id}: {text}", about="health"))
    return findings


def _apart_from_source(wanted: Wanted, found: Sighting, evidence: Evidence) -> Iterator[Finding]:
    """Return whether a Kustomization is at what its source has, where its manifest names that."""
    if not found.revision or wanted.id.kind != "Kustomization":
        return
    spec = wanted.body.get("spec")
    ref = spec.get("sourceRef") if isinstance(spec, Mapping) else None
    if not isinstance(ref, Mapping):
        return
    namespace = ref.get("namespace", wanted.id.namespace)
    names = (str(ref.get("kind")), str(namespace), str(ref.get("name")))
    source = (evidence.objects or {}).get(ObjectId(SOURCES, *names))
    if source is None:
        yield unknown(f"{wanted.id}: what its source is at")
    elif source.revision != found.revision:
        have, new = shown(found.revision), shown(source.revision)
        yield wait(f"{wanted.id}: it has applied {have}, and its source is at {new}")


def _find(wanted: ObjectId, objects: Mapping[ObjectId, Sighting]) -> Sighting | None:
    if wanted in objects:
        return objects[wanted]
    if wanted.namespace:  # a hub moves reconcilers, and nothing else
        return objects.get(wanted._replace(namespace="")) if wanted.is_reconciler else None
    others = [found for found in objects if found._replace(namespace="") == wanted]
    return objects[others[0]] if len(others) == 1 else None


def _waits(wanted: Wanted) -> bool:
    """Return whether a manifest makes a Kustomization wait for the health of what it applies."""
    spec = wanted.body.get("spec")
    if wanted.id.kind != "Kustomization" or not isinstance(spec, Mapping):
        return True
    return spec.get("wait") is True or bool(spec.get("healthChecks"))
