"""What is shown on the promoted commit of main while its gate works: for people, never believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kalypso.forge import CommitStatus
from kalypso.promotion.findings import Outcome
from kalypso.promotion.verdict import STATUS_LENGTH, Verdict


def context_of(environment: str) -> str:
    """Return the context of an environment's statuses."""
    return f"{environment} environment"


def promoted_status(environment: str) -> CommitStatus:
    """Return the status of a commit that was promoted to an environment and does not exist yet."""
    return CommitStatus(context_of(environment), "pending", "Promoted")


def shown_now(statuses: Sequence[Mapping[str, object]], context: str) -> CommitStatus | None:
    """Return what a commit shows in a context; None if it shows nothing, or nothing of ours.

    Args:
        statuses: Of the commit, newest first, as GitHub gives them.
        context: Whose case does not count.
    """
    for each in statuses:
        if str(each.get("context")).lower() == context.lower():
            state, text = each.get("state"), str(each.get("description") or "")
            if state == "pending" or state == "success" or state == "failure":  # noqa: PLR1714 - narrows the type
                return CommitStatus(context, state, text)
            return None
    return None


def status_of(verdict: Verdict, *, last: bool) -> CommitStatus:
    """Return the status that tells a verdict.

    Args:
        verdict: Of the gate.
        last: Whether no environment comes after it.
    """
    environment = verdict.expected.environment
    context = context_of(environment)
    if verdict.outcome is Outcome.PASS:
        text = "Deployed" if last else f"Deployed to {environment}"
        return CommitStatus(context, "success", text)
    if verdict.final and verdict.outcome is not Outcome.OUTSIDE:
        return CommitStatus(context, "failure", verdict.status_text)
    return CommitStatus(context, "pending", f"Deploying: {verdict.status_text}"[:STATUS_LENGTH])


def to_post(wanted: CommitStatus, posted: CommitStatus | None) -> CommitStatus | None:
    """Return the status if it has to be posted: only on change, as a commit takes 1,000."""
    return None if wanted == posted else wanted
