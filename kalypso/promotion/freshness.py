"""Whether evidence is new enough: after the merge, and confirmed again since.

The other clock may be wrong. Where the reader learned what it said, times are corrected by that.
Where it did not, a time may lie in our future by a few minutes; one that lies further ahead could
make a stale answer look fresh, so it says nothing.
"""

from __future__ import annotations

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.findings import Finding, unknown, wait
from kalypso.promotion.times import length_text

SKEW = 300.0
"""Seconds by which an unknown clock may be wrong."""
_READING = 60.0
"""Seconds between reading the other clock and using what it says."""
_ANSWER_SECONDS = 300.0
"""For how long an answer is used."""


def margin(evidence: Evidence) -> float:
    """Return by how many seconds a time in the evidence may be wrong."""
    return SKEW if evidence.clock is None else _READING


def by_our_clock(evidence: Evidence, moment: float) -> float:
    """Return a time of the other clock by ours, as far as the reader learned that."""
    return moment if evidence.clock is None else moment - (evidence.clock - evidence.asked)


def staleness(evidence: Evidence, merged: float, now: float) -> tuple[Finding, ...]:
    """Return why evidence is too old, or from a time that cannot be."""
    if not now - _ANSWER_SECONDS <= evidence.asked <= now:
        return (unknown("the answer is from another time than this question"),)
    if evidence.as_of is None:
        return (unknown("when its state was last confirmed"),)
    at = by_our_clock(evidence, evidence.as_of)
    if at > now + margin(evidence):
        return (unknown(f"its times are {length_text(at - now)} ahead of ours"),)
    if at < merged:
        return (wait(f"stale report: last confirmed {length_text(merged - at)} before the merge"),)
    if evidence.fresh_for is not None and now - at > evidence.fresh_for + margin(evidence):
        age, limit = length_text(now - at), length_text(evidence.fresh_for)
        return (wait(f"stale: last confirmed {age} ago, and {limit} is usual"),)
    return ()
