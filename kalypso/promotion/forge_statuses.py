"""What is shown on the promoted commit of main while its gate works: for people, never believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kalypso.promotion.findings import Outcome
from kalypso.promotion.verdict import STATUS_LENGTH, Verdict


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """One status, as forges show it beside a commit."""

    context: str
    state: Literal["pending", "success", "failure"]
    description: str


def status_of(verdict: Verdict, *, last: bool) -> CommitStatus:
    """Return the status that tells a verdict.

    Args:
        verdict: Of the gate.
        last: Whether no environment comes after it.
    """
    environment = verdict.expected.environment
    context = f"{environment} environment"
    if verdict.outcome is Outcome.PASS:
        text = "Deployed" if last else f"Deployed to {environment}"
        return CommitStatus(context, "success", text)
    if verdict.final and verdict.outcome is not Outcome.OUTSIDE:
        return CommitStatus(context, "failure", verdict.status_text)
    return CommitStatus(context, "pending", f"Deploying: {verdict.status_text}"[:STATUS_LENGTH])


def to_post(wanted: CommitStatus, posted: CommitStatus | None) -> CommitStatus | None:
    """Return the status if it has to be posted: only on change, as a commit takes 1,000."""
    return None if wanted == posted else wanted
