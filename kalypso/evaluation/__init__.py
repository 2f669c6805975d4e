"""Evaluation: a model from its sources to its files, whole, in part, again, and compared.

:func:`evaluate` is the one way to evaluate. What needs less (:func:`survey`,
:func:`failed_assignments`) or builds on what is known (:class:`Session`) is put together from the
same steps. The only room that knows the order of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "Changed",
    "Comparison",
    "Delivered",
    "Look",
    "Outline",
    "Request",
    "Run",
    "Session",
    "Survey",
    "Verification",
    "base_at",
    "compare_outlines",
    "compare_runs",
    "compare_with_branch",
    "evaluate",
    "evaluate_holding",
    "evaluate_into",
    "failed_assignments",
    "key_of",
    "outline",
    "outline_of",
    "read_delivered",
    "request_at",
    "start_at",
    "survey",
    "verify",
]

if TYPE_CHECKING:
    from kalypso.evaluation.comparison import (
        Changed,
        Comparison,
        compare_outlines,
        compare_runs,
        compare_with_branch,
    )
    from kalypso.evaluation.failing import failed_assignments
    from kalypso.evaluation.holding import evaluate_holding
    from kalypso.evaluation.pipeline import Run, evaluate, evaluate_into
    from kalypso.evaluation.replay import request_at
    from kalypso.evaluation.request import Request, key_of
    from kalypso.evaluation.revisions import base_at, start_at
    from kalypso.evaluation.session import Look, Session
    from kalypso.evaluation.surveys import Outline, Survey, outline, outline_of, survey
    from kalypso.evaluation.verification import Delivered, Verification, read_delivered, verify
else:
    __getattr__ = door(
        __name__,
        {
            "comparison": (
                "Changed",
                "Comparison",
                "compare_outlines",
                "compare_runs",
                "compare_with_branch",
            ),
            "failing": ("failed_assignments",),
            "holding": ("evaluate_holding",),
            "pipeline": ("Run", "evaluate", "evaluate_into"),
            "replay": ("request_at",),
            "request": ("Request", "key_of"),
            "revisions": ("base_at", "start_at"),
            "session": ("Look", "Session"),
            "surveys": ("Outline", "Survey", "outline", "outline_of", "survey"),
            "verification": ("Delivered", "Verification", "read_delivered", "verify"),
        },
    )
