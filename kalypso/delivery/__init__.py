"""Delivery: the manifests of an environment become one pull request to its branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "PROPOSED_COMMIT",
    "Changes",
    "FailedAssignment",
    "PathChange",
    "Proposal",
    "Settled",
    "Standing",
    "Wording",
    "carried_environment",
    "content_digest",
    "deliver",
    "examine",
    "find_ours",
    "is_our_commit",
    "is_ours",
    "is_proposal",
    "last_delivered",
    "refuse_other_environment",
    "settle_issues",
    "withdraw",
    "without_issue_mark",
    "without_mark",
]

if TYPE_CHECKING:
    from kalypso.delivery.carried import carried_environment, refuse_other_environment
    from kalypso.delivery.issues import (
        FailedAssignment,
        Settled,
        is_ours,
        settle_issues,
        without_issue_mark,
    )
    from kalypso.delivery.last_delivery import last_delivered
    from kalypso.delivery.marker import content_digest, is_our_commit, is_proposal, without_mark
    from kalypso.delivery.proposal import (
        PROPOSED_COMMIT,
        Changes,
        PathChange,
        Proposal,
        Wording,
    )
    from kalypso.delivery.steps import Standing, deliver, examine, find_ours, withdraw
else:
    __getattr__ = door(
        __name__,
        {
            "carried": ("carried_environment", "refuse_other_environment"),
            "last_delivery": ("last_delivered",),
            "issues": (
                "FailedAssignment",
                "Settled",
                "is_ours",
                "settle_issues",
                "without_issue_mark",
            ),
            "marker": ("content_digest", "is_our_commit", "is_proposal", "without_mark"),
            "proposal": ("Changes", "PROPOSED_COMMIT", "PathChange", "Proposal", "Wording"),
            "steps": ("Standing", "deliver", "examine", "find_ours", "withdraw"),
        },
    )
