"""The gate: closed unless every expected cluster reports the commit and is healthy.

One pure function. Readers, git, the record and the clock are asked before, and what it returns is
acted on afterwards. Whatever it is not shown, it does not believe.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kalypso.promotion.ancestry import Ancestry
from kalypso.promotion.clusters import Question, judge_cluster
from kalypso.promotion.conditions import CheckResult, Conditions, no_cluster, unmet
from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import Expected, ExpectedCluster
from kalypso.promotion.findings import Finding, Outcome, superseded, worst
from kalypso.promotion.record import Gate, Record
from kalypso.promotion.times import time_text
from kalypso.promotion.verdict import ClusterVerdict, Verdict


class Clock(msgspec.Struct, frozen=True):
    """The time, and the time at which waiting ends."""

    now: float
    limit: float | None = None
    """At or after it, what is not decided has failed: it is looked at once more, then decided."""

    @property
    def ends(self) -> bool:
        """Whether this is the last look."""
        return self.limit is not None and self.now >= self.limit


def judge(  # noqa: PLR0913 - everything that a verdict depends on, and nothing else
    expected: Expected,
    evidence: Sequence[Evidence],
    ancestry: Ancestry,
    record: Record,
    clock: Clock,
    *,
    conditions: Conditions | None = None,
    checks: Sequence[CheckResult] = (),
) -> Verdict:
    """Return whether a commit may go on to the next environment.

    Args:
        expected: What the model and the settings say now. Once a gate has started, what it
            recorded counts instead.
        evidence: Of any cluster, in any order; none is needed for a verdict.
        ancestry: What git knows of the commits in the evidence, and of the branch.
        record: Gates, approvals and spans so far.
        clock: Now, and when waiting ends.
        conditions: Of the environment, as they are now.
        checks: What own checks answered.
    """
    conditions = conditions or Conditions()
    started = record.gate(expected.promoted, expected.commit)
    awaited = started.expected if started else expected
    left = tuple(_left(expected))
    if started and not left and _still_passed(started, ancestry):
        return _passed_before(started)
    against = (*left, *ancestry.findings(awaited.commit, awaited.branch))
    if against:
        return _without_clusters(awaited, against, clock)
    question = Question(expected=awaited, ancestry=ancestry, conditions=conditions, now=clock.now)
    clusters = _clusters(question, evidence, started)
    findings = unmet(conditions, awaited, record, checks, clock.now)
    required = [cluster for cluster in clusters if cluster.required]
    if not required:
        findings = (*no_cluster(awaited, conditions), *findings)
    outcome, final = _outcome(findings, required, conditions, clock)
    return Verdict(
        expected=awaited,
        outcome=outcome,
        final=final,
        summary=_summary(outcome, awaited, required, conditions, ended=clock.ends),
        findings=findings,
        clusters=clusters,
        notes=(*_notes(awaited, expected, evidence), *_left_behind(awaited, evidence, conditions)),
        spans={cluster.name: cluster.span for cluster in clusters if cluster.span},
    )


def _left(expected: Expected) -> Iterator[Finding]:
    """Return why an environment that the chain has lost promotes nothing."""
    if expected.chain and expected.environment not in expected.chain:
        yield superseded(f"{expected.environment} is no longer in the chain of environments")


def _still_passed(gate: Gate, ancestry: Ancestry) -> bool:
    """Return whether a gate that passed still counts: only a rollback undoes that."""
    passed = gate.decision is not None and gate.decision.outcome is Outcome.PASS
    return passed and ancestry.still_counts(gate.expected.commit)


def _passed_before(gate: Gate) -> Verdict:
    when = gate.decision.when if gate.decision else 0.0
    return Verdict(
        expected=gate.expected,
        outcome=Outcome.PASS,
        final=True,
        summary=f"passed at {time_text(when)}: {gate.expected.main_and_branch}",
        spans=gate.spans,
    )


def _without_clusters(expected: Expected, against: Sequence[Finding], clock: Clock) -> Verdict:
    outcome = worst(finding.outcome for finding in against)
    final = clock.ends or any(f.final for f in against if f.outcome is outcome)
    if clock.ends and outcome in {Outcome.WAIT, Outcome.UNKNOWN}:
        outcome = Outcome.FAIL
    return Verdict(
        expected=expected,
        outcome=outcome,
        final=final,
        summary=f"{outcome.value}: {expected.main_and_branch}",
        findings=tuple(against),
    )


def _clusters(
    question: Question, evidence: Sequence[Evidence], started: Gate | None
) -> tuple[ClusterVerdict, ...]:
    spans = started.spans if started else {}
    seen: dict[str, list[Evidence]] = {}
    for each in evidence:
        seen.setdefault(each.cluster, []).append(each)
    return tuple(
        judge_cluster(question, cluster, seen.get(cluster.name, ()), spans.get(cluster.name))
        for cluster in _waited_for(question.expected)
    )


def _waited_for(expected: Expected) -> Iterator[ExpectedCluster]:
    """Return the clusters that have anything assigned."""
    for cluster in sorted(expected.clusters, key=lambda cluster: cluster.name):
        if expected.assignments.get(cluster.cluster_type):
            yield cluster


def _outcome(
    findings: Sequence[Finding],
    required: Sequence[ClusterVerdict],
    conditions: Conditions,
    clock: Clock,
) -> tuple[Outcome, bool]:
    """Return the outcome of all, and whether it is final."""
    of_clusters, hopeless = _of_clusters(required, conditions, ends=clock.ends)
    found = worst([of_clusters, *(finding.outcome for finding in findings)])
    if found in {Outcome.FAIL, Outcome.SUPERSEDED, Outcome.PASS}:
        return found, True
    if hopeless:
        return Outcome.OUTSIDE, True
    if clock.ends:
        return (Outcome.OUTSIDE if found is Outcome.OUTSIDE else Outcome.FAIL), True
    return (Outcome.OUTSIDE if found is Outcome.OUTSIDE else Outcome.WAIT), False


def _of_clusters(
    required: Sequence[ClusterVerdict], conditions: Conditions, *, ends: bool
) -> tuple[Outcome, bool]:
    """Return the outcome of the clusters, and whether too many can never be asked."""
    spare = len(required) - conditions.needed(len(required))
    outcomes = [cluster.outcome for cluster in required]
    if outcomes.count(Outcome.PASS) >= len(required) - spare:
        return Outcome.PASS, False
    lost = (Outcome.FAIL, *((Outcome.WAIT, Outcome.UNKNOWN) if ends else ()))
    if sum(outcome in lost for outcome in outcomes) > spare:
        return Outcome.FAIL, False
    if Outcome.SUPERSEDED in outcomes:
        return Outcome.SUPERSEDED, False
    unreachable = [
        cluster
        for cluster in required
        if cluster.outcome is Outcome.FAIL
        or any(f.outcome is Outcome.OUTSIDE and f.final for f in cluster.findings)
    ]
    if len(unreachable) > spare:
        return Outcome.OUTSIDE, True
    if ends or not {Outcome.WAIT, Outcome.UNKNOWN, Outcome.FAIL} & set(outcomes):
        return Outcome.OUTSIDE, False
    return Outcome.WAIT, False


def _summary(
    outcome: Outcome,
    expected: Expected,
    required: Sequence[ClusterVerdict],
    conditions: Conditions,
    *,
    ended: bool,
) -> str:
    passed = sum(cluster.outcome is Outcome.PASS for cluster in required)
    need = conditions.needed(len(required))
    wanted = "" if need == len(required) else f", {need} needed"
    at = f"{expected.main_and_branch} is healthy on {passed} of {len(required)} clusters{wanted}"
    if ended and outcome in {Outcome.FAIL, Outcome.OUTSIDE}:
        return f"{outcome.value} at the time limit: {at}"
    return f"{outcome.value}: {at}"


def _notes(awaited: Expected, expected: Expected, evidence: Sequence[Evidence]) -> Iterator[str]:
    waited, now = ({c.name for c in each.clusters} for each in (awaited, expected))
    for name in sorted({each.cluster for each in evidence} - waited - now):
        yield f"{name} reports and is not expected"
    for name in sorted(now - waited):
        yield f"{name} joins with the next promotion"
    for name in sorted(waited - now):
        yield f"{name} is not in the settings any more; run the gate again to go without it"
    for name in awaited.without_cluster:
        yield f"the cluster type {name} has assignments and no cluster"
    for cluster in awaited.clusters:
        if not awaited.assignments.get(cluster.cluster_type):
            yield f"{cluster.name} has nothing assigned"


def _left_behind(
    expected: Expected, evidence: Sequence[Evidence], conditions: Conditions
) -> Iterator[str]:
    """Return what still runs and should not, where nothing waits for it to go."""
    if conditions.removal == "wait":
        return
    known = {cluster.name for cluster in expected.clusters}
    for each in sorted(evidence, key=lambda each: each.cluster):
        if each.cluster in known:
            yield from (f"{each.cluster}: still running: {name}" for name in each.leftovers)
