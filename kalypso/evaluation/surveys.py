"""Who runs where, without rendering: what questions about a model need, and no more.

A question is answered from the whole model or not at all: a file that cannot be read could hold
what was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from kalypso.errors import Collector, Problem
from kalypso.evaluation.request import Request
from kalypso.evaluation.steps import Steps
from kalypso.model import Assignment, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The objects of an environment, and its assignments."""

    platform: Platform
    assignments: tuple[Assignment, ...]
    """Sorted by cluster type, then target."""
    warnings: tuple[Problem, ...]


def survey(request: Request) -> Survey:
    """Load a model and schedule it.

    Raises:
        Problems: What is wrong with its objects. Templates and schemas are not tried.
    """
    problems = Collector()
    steps = Steps(request, problems)
    platform = steps.load()
    assignments = steps.assign(platform)
    problems.raise_errors()
    return Survey(platform=platform, assignments=assignments, warnings=tuple(problems.warnings))
