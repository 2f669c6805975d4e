"""GitOps: the layout of the environment branch, and what a delivery changes in it."""

from __future__ import annotations

from kalypso.gitops.marks import SHARED, markings, section_of
from kalypso.gitops.plans import (
    Change,
    Plan,
    assignments_in,
    plan,
)
from kalypso.gitops.removals import Limits, check
from kalypso.gitops.tree import layout

__all__ = [
    "SHARED",
    "Change",
    "Limits",
    "Plan",
    "assignments_in",
    "check",
    "layout",
    "markings",
    "plan",
    "section_of",
]
