"""Whether what an object says is from about now: neither too old, nor from a time ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kalypso.promotion.findings import Finding, unknown, wait
from kalypso.promotion.freshness import SKEW
from kalypso.promotion.readers.answers import Answer
from kalypso.promotion.readers.state import Times
from kalypso.promotion.times import length_text


def lag(times: Times, fresh_for: float | None, answer: Answer) -> Iterator[Finding]:
    """Return what speaks against the times of an object.

    Args:
        times: Of the object.
        fresh_for: Seconds after which it should have confirmed them again.
        answer: Where it lives.
    """
    yield from ahead((newest(times),), answer)
    yield from stale(times, fresh_for, answer)


def newest(times: Times) -> float:
    """Return the last of all times of an object; 0 if it has none."""
    return max(*times.moments, times.as_of or 0.0, times.steady_since or 0.0)


def stale(times: Times, fresh_for: float | None, answer: Answer) -> Iterator[Finding]:
    """Return whether an object has not been looked at for longer than usual, when we asked."""
    if times.as_of is not None and fresh_for is not None:
        age = answer.their_clock - times.as_of
        if age > fresh_for + SKEW:
            yield wait(f"stale: nothing looked at it for {length_text(age)}")


def ahead(moments: Iterable[float], answer: Answer) -> Iterator[Finding]:
    """Return whether one of the times had not come when we asked."""
    most = max(moments, default=0.0) - answer.their_clock
    if most > SKEW:
        yield unknown(f"its times are {length_text(most)} ahead")
