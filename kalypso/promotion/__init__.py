"""Promotion: the gate between environments, what it believes, and what it remembers.

The gate is :func:`judge`, a pure function. `readers` turn answers into its evidence, `Ledger` keeps
its record in the GitOps repository, and `chain` says what may go where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "MARK",
    "Again",
    "Ancestry",
    "Answer",
    "Approval",
    "Asked",
    "Branch",
    "CheckResult",
    "Clock",
    "ClusterVerdict",
    "Conditions",
    "Decision",
    "Entry",
    "Evidence",
    "Expected",
    "ExpectedCluster",
    "Finding",
    "Freeze",
    "Gate",
    "Hold",
    "Known",
    "Ledger",
    "ObjectId",
    "Outcome",
    "Reader",
    "Record",
    "Report",
    "Sighting",
    "SignedReports",
    "Span",
    "Verdict",
    "Wanted",
    "Window",
    "after_refusal",
    "against_entering",
    "against_pull_request",
    "approved",
    "azure_evidence",
    "claimed",
    "cluster_evidence",
    "complete_rows",
    "context_of",
    "delivered_by",
    "foreign_successes",
    "held",
    "identity_of",
    "judge",
    "length_text",
    "next_environment",
    "of_command",
    "of_http",
    "outside",
    "promoted_status",
    "read_duration",
    "read_share",
    "read_time",
    "ref_of",
    "released",
    "remembered",
    "report_evidence",
    "reported",
    "shown_now",
    "started",
    "status_evidence",
    "status_of",
    "time_text",
    "to_post",
]

if TYPE_CHECKING:
    from kalypso.promotion.ancestry import Ancestry, Known
    from kalypso.promotion.chain import (
        Entry,
        against_entering,
        against_pull_request,
        next_environment,
    )
    from kalypso.promotion.checks import Asked, of_command, of_http
    from kalypso.promotion.commits import Branch
    from kalypso.promotion.conditions import CheckResult, Conditions, Freeze, Window, read_share
    from kalypso.promotion.delivered import delivered_by
    from kalypso.promotion.edits import (
        approved,
        claimed,
        held,
        released,
        remembered,
        reported,
        started,
    )
    from kalypso.promotion.evidence import Evidence, Reader, Sighting
    from kalypso.promotion.expected import Expected, ExpectedCluster, ObjectId, Wanted
    from kalypso.promotion.findings import Finding, Outcome, outside
    from kalypso.promotion.forge_statuses import (
        context_of,
        promoted_status,
        shown_now,
        status_of,
        to_post,
    )
    from kalypso.promotion.gate import Clock, judge
    from kalypso.promotion.ledger import Ledger, ref_of
    from kalypso.promotion.readers import (
        MARK,
        Again,
        Answer,
        after_refusal,
        azure_evidence,
        cluster_evidence,
        complete_rows,
        foreign_successes,
        identity_of,
        report_evidence,
        status_evidence,
    )
    from kalypso.promotion.record import Approval, Decision, Gate, Hold, Record, Report, Span
    from kalypso.promotion.signed_reports import SignedReports
    from kalypso.promotion.times import length_text, read_duration, read_time, time_text
    from kalypso.promotion.verdict import ClusterVerdict, Verdict
else:
    __getattr__ = door(
        __name__,
        {
            "ancestry": ("Ancestry", "Known"),
            "chain": ("Entry", "against_entering", "against_pull_request", "next_environment"),
            "checks": ("Asked", "of_command", "of_http"),
            "commits": ("Branch",),
            "conditions": ("CheckResult", "Conditions", "Freeze", "Window", "read_share"),
            "delivered": ("delivered_by",),
            "edits": (
                "approved",
                "claimed",
                "held",
                "released",
                "remembered",
                "reported",
                "started",
            ),
            "evidence": ("Evidence", "Reader", "Sighting"),
            "expected": ("Expected", "ExpectedCluster", "ObjectId", "Wanted"),
            "findings": ("Finding", "Outcome", "outside"),
            "forge_statuses": (
                "context_of",
                "promoted_status",
                "shown_now",
                "status_of",
                "to_post",
            ),
            "gate": ("Clock", "judge"),
            "ledger": ("Ledger", "ref_of"),
            "readers": (
                "Again",
                "MARK",
                "Answer",
                "after_refusal",
                "azure_evidence",
                "cluster_evidence",
                "complete_rows",
                "foreign_successes",
                "identity_of",
                "report_evidence",
                "status_evidence",
            ),
            "record": ("Approval", "Decision", "Gate", "Hold", "Record", "Report", "Span"),
            "signed_reports": ("SignedReports",),
            "times": ("length_text", "read_duration", "read_time", "time_text"),
            "verdict": ("ClusterVerdict", "Verdict"),
        },
    )
