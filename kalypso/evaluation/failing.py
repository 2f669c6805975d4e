"""Which assignments of a broken model fail, and why: each is tried by itself.

Only asked when an evaluation has errors. Assignments are tried in halves, so that of a large fleet
with one failure, few are tried more than once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import msgspec

from kalypso.errors import Collector, Problem
from kalypso.evaluation.request import Request
from kalypso.evaluation.steps import Steps
from kalypso.model import Assignment, Platform

Failure = tuple[Assignment, tuple[Problem, ...]]
"""An assignment, and its errors, sorted."""


def failed_assignments(request: Request) -> tuple[Failure, ...] | None:
    """Find the assignments that cannot be configured or rendered.

    Returns:
        In the order of assignments. None if it cannot be said who is assigned: objects could not
        be read, or contradict each other.
    """
    problems = Collector()
    steps = Steps(request, problems)
    platform = steps.load()
    assignments = steps.assign(platform)
    if problems.errors:
        return None
    return tuple(_Search(request, platform).among(assignments))


class _Search(msgspec.Struct, frozen=True):
    request: Request
    platform: Platform

    def among(self, assignments: Sequence[Assignment]) -> Iterator[Failure]:
        """Give those of some assignments that fail."""
        errors = self._errors(assignments) if assignments else ()
        if not errors:
            return
        if len(assignments) == 1:
            yield (assignments[0], errors)
            return
        middle = len(assignments) // 2
        yield from self.among(assignments[:middle])
        yield from self.among(assignments[middle:])

    def _errors(self, assignments: Sequence[Assignment]) -> tuple[Problem, ...]:
        problems = Collector()
        steps = Steps(self.request, problems)
        configurations = steps.configure(self.platform, assignments)
        deque(steps.render(self.platform, assignments, configurations), maxlen=0)
        return tuple(sorted(set(problems.errors), key=Problem.sort_key))
