"""Readers' pure half: from what controllers, clouds, forges and people write to evidence.

Nothing here meets the network. Each file but the shared ones is a way to ask; it takes answers as
they came, believes nothing of their shape, and knows no other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "MARK",
    "Again",
    "Answer",
    "after_refusal",
    "azure_evidence",
    "cluster_evidence",
    "complete_rows",
    "foreign_successes",
    "identity_of",
    "report_evidence",
    "status_evidence",
]

if TYPE_CHECKING:
    from kalypso.promotion.readers.answers import MARK, Answer, identity_of
    from kalypso.promotion.readers.azure import azure_evidence
    from kalypso.promotion.readers.azure_pages import Again, after_refusal, complete_rows
    from kalypso.promotion.readers.kubernetes import cluster_evidence
    from kalypso.promotion.readers.reports import report_evidence
    from kalypso.promotion.readers.statuses import foreign_successes, status_evidence
else:
    __getattr__ = door(
        __name__,
        {
            "answers": ("MARK", "Answer", "identity_of"),
            "azure": ("azure_evidence",),
            "azure_pages": ("Again", "after_refusal", "complete_rows"),
            "kubernetes": ("cluster_evidence",),
            "reports": ("report_evidence",),
            "statuses": ("foreign_successes", "status_evidence"),
        },
    )
