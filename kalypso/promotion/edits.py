"""Changes of a record: each a pure function, and each harmless when it comes twice."""

from __future__ import annotations

from msgspec.structs import replace

from kalypso.promotion.expected import Expected
from kalypso.promotion.findings import Outcome
from kalypso.promotion.record import Approval, Decision, Gate, Hold, Record, Report
from kalypso.promotion.verdict import Verdict

LEASE = 90.0
"""Seconds after which a run that was not heard of no longer keeps others from its gate."""
MOST_GATES = 100
MOST_REPORTS = 20
"""Of one cluster. Forgetting the oldest can only make a healthy time shorter."""


def started(record: Record, expected: Expected, now: float) -> Record:
    """Return the record with a gate for a commit: the one that is there, unless it has failed.

    Starting again after a failure takes what is expected from the settings as they are by then.
    """
    last = record.gate(expected.promoted, expected.commit)
    if last and (last.decision is None or last.decision.outcome is Outcome.PASS):
        return record
    gates = (*record.gates, Gate(expected=expected, started=now))
    return replace(record, gates=gates[-MOST_GATES:])


def claimed(record: Record, promoted: str, commit: str, worker: str, now: float) -> Record | None:
    """Return the record with a run at work on a gate; None if another one is, and is alive.

    A gate that has ended is left as it is.
    """
    gate = record.gate(promoted, commit)
    if gate is None:
        return None
    if gate.decision is not None:
        return record  # it has ended, and nobody has to work on it
    if gate.worker not in {"", worker} and now - gate.alive < LEASE:
        return None
    return _with_gate(record, gate, replace(gate, worker=worker, alive=now))


def remembered(
    record: Record, verdict: Verdict, worker: str, now: float, *, goes: bool = False
) -> Record:
    """Return the record with what a verdict found; unchanged if the gate is not this run's.

    A gate that has ended stays as it ended.

    Args:
        record: Before.
        verdict: What was found.
        worker: Which run found it.
        now: When.
        goes: Whether the run ends here, and leaves the gate to the next one.
    """
    gate = record.gate(verdict.expected.promoted, verdict.expected.commit)
    if gate is None or gate.decision is not None or gate.worker != worker:
        return record
    decision = Decision(verdict.outcome, now, verdict.summary) if verdict.final else None
    after = replace(gate, spans=dict(verdict.spans), decision=decision, alive=now)
    if goes:
        after = replace(after, worker="", alive=0.0)
    return _with_gate(record, gate, after)


def approved(record: Record, approval: Approval) -> Record:
    """Return the record with an approval; the first of a person for a commit counts."""
    for each in record.approvals:
        same = (each.who, each.promoted, each.commit)
        if same == (approval.who, approval.promoted, approval.commit):
            return record
    return replace(record, approvals=(*record.approvals, approval))


def held(record: Record, hold: Hold) -> Record:
    """Return the record with a hold."""
    if hold in record.holds:
        return record
    return replace(record, holds=(*record.holds, hold))


def released(record: Record, who: str, now: float) -> Record:
    """Return the record without open holds; they stay, with who released them and when."""
    holds = tuple(
        hold if hold.released_by else replace(hold, released_by=who, released_at=now)
        for hold in record.holds
    )
    return replace(record, holds=holds)


def reported(record: Record, report: Report) -> Record:
    """Return the record with a report, in the order in which things were seen."""
    if report in record.reports:
        return record
    reports = sorted((*record.reports, report), key=lambda each: each.at)
    of_cluster = [each for each in reports if each.cluster == report.cluster][-MOST_REPORTS:]
    kept = tuple(each for each in reports if each.cluster != report.cluster or each in of_cluster)
    return replace(record, reports=kept)


def _with_gate(record: Record, before: Gate, after: Gate) -> Record:
    gates = tuple(after if each is before else each for each in record.gates)
    return replace(record, gates=gates)
