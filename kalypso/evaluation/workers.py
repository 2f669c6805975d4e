"""Rendering in several processes, for models so large that it pays; the same result, to the byte.

Each process is a fork of this one, so that the model need not be sent; only finished manifests come
back. Assignments are parted between cluster types. If anything is wrong with any of them, all are
rendered once more in this process, so that problems read the same however many processes there are.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kalypso.errors import Collector
from kalypso.model.platform import Assignment, Platform
from kalypso.model.rendered import Manifest, RenderedAssignment
from kalypso.rendering.namespaces import namespaces, warn_of_namespaces
from kalypso.rendering.render import RenderSettings, render

_Done = list[tuple[str, tuple[Manifest, ...]]]
"""Namespace and manifests of each assignment of a part, in order."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What all processes know from the fork."""

    platform: Platform
    assignments: Sequence[Assignment]
    values: Sequence[dict[str, Any]]
    settings: RenderSettings
    parts: list[range]


_jobs: list[_Job] = []
"""Holds the job while its processes run: what is here at the fork, they have."""


@dataclass(frozen=True, slots=True)
class ParallelRenderer:
    """Renders like :func:`kalypso.rendering.render.render`, in several processes."""

    workers: int
    """How many; one renders in this process."""

    def __call__(
        self,
        platform: Platform,
        assignments: Sequence[Assignment],
        values: Sequence[dict[str, Any]],
        settings: RenderSettings,
        problems: Collector,
    ) -> list[RenderedAssignment]:
        """Render the manifests of all assignments."""
        job = _Job(platform, assignments, values, settings, parts(assignments, self.workers))
        done = _run(job) if len(job.parts) > 1 else None
        if done is None:
            return render(platform, assignments, values, settings, problems)
        names = namespaces(assignments, platform.environment, settings.convention, problems)
        if settings.convention == "walkthrough":
            warn_of_namespaces(platform, assignments, problems)
        return [
            RenderedAssignment(assignment, name, manifests)
            for assignment, name, (_, manifests) in zip(assignments, names, done, strict=True)
        ]


def parts(assignments: Sequence[Assignment], workers: int) -> list[range]:
    """Part assignments, sorted by cluster type, into about equal ranges between cluster types."""
    size = max(1, len(assignments) // max(1, workers))
    found: list[range] = []
    start = 0
    for number in range(1, len(assignments) + 1):
        whole = number == len(assignments)
        if whole or (
            number - start >= size
            and assignments[number].cluster_type is not assignments[number - 1].cluster_type
        ):
            found.append(range(start, number))
            start = number
    return found


def _run(job: _Job) -> _Done | None:
    """Run a job; None if something is wrong, or where processes cannot be forked."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return None
    _jobs.append(job)
    try:
        with multiprocessing.get_context("fork").Pool(len(job.parts)) as pool:
            found = pool.map(_render_part, range(len(job.parts)), chunksize=1)
    finally:
        _jobs.pop()
    if any(part is None for part in found):
        return None
    return [each for part in found if part is not None for each in part]


def _render_part(number: int) -> _Done | None:
    job, problems = _jobs[-1], Collector()
    part = job.parts[number]
    chosen = slice(part.start, part.stop)
    rendered = render(
        job.platform, job.assignments[chosen], job.values[chosen], job.settings, problems
    )
    if problems.errors:
        return None
    return [(each.namespace, each.manifests) for each in rendered]
