"""How long a cluster has been healthy, over polls, restarts and gaps.

A span begins when a gate first sees the cluster healthy at the awaited commit, never earlier. It
goes on while gates look often enough. Over a longer gap it goes on only if the objects prove that
nothing happened meanwhile. A reconciler that is looking again neither passes nor interrupts.
"""

from __future__ import annotations

from collections.abc import Sequence

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.findings import Finding, Outcome, wait
from kalypso.promotion.freshness import by_our_clock, margin
from kalypso.promotion.record import Span
from kalypso.promotion.times import length_text

GAP = 60.0
"""Seconds between two looks that count as looking all the time."""


def next_span(
    before: Span | None, findings: Sequence[Finding], evidence: Sequence[Evidence], now: float
) -> Span | None:
    """Return the span after one more look; None if the cluster is not healthy.

    Args:
        before: What the record holds.
        findings: What speaks against the cluster now.
        evidence: What was seen of it.
        now: By our clock.
    """
    if any(f.outcome is not Outcome.OUTSIDE and f.about != "recheck" for f in findings):
        return None
    if any(finding.outcome is Outcome.OUTSIDE for finding in findings):
        return before  # not seen; the next answer has to cover the gap
    if findings and before is None:
        return None
    return _continued(before, evidence, now) or Span(now, now)


def _continued(before: Span | None, evidence: Sequence[Evidence], now: float) -> Span | None:
    if before is None or not before.since <= before.seen <= now:
        return None
    proofs = [
        (by_our_clock(each, each.steady_since), margin(each))
        for each in evidence
        if each.steady_since is not None
    ]
    covered = len(proofs) == len(evidence) > 0 and all(
        proof + error <= before.seen for proof, error in proofs
    )
    interrupted = any(proof > before.since for proof, _ in proofs)
    if interrupted or (now - before.seen > GAP and not covered):
        return None  # when it was well again is not known, only when it was not
    return Span(before.since, now)


def not_long_enough(span: Span | None, healthy_for: float, now: float) -> tuple[Finding, ...]:
    """Return why a healthy cluster still has to wait."""
    if healthy_for <= 0:
        return ()
    so_far = now - span.since if span else 0.0
    if so_far >= healthy_for:
        return ()
    return (wait(f"healthy for {length_text(so_far)} of {length_text(healthy_for)}"),)
