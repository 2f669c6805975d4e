"""Rendering in several processes, for models so large that it pays; the same result, to the byte.

Each process is a fork of this one, so that the model need not be sent; only finished manifests come
back. Assignments are parted between cluster types. If anything is wrong with any of them, all are
rendered once more in this process, so that problems read the same however many processes there are.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass

from kalypso.errors import Collector
from kalypso.model import Assignment, Manifest, Platform, RenderedAssignment
from kalypso.rendering import Job, RenderSettings, render

_Done = list[tuple[Manifest, ...]]
"""Manifests of each assignment of a part, in order."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What all processes know from the fork."""

    platform: Platform
    jobs: Sequence[Job]
    settings: RenderSettings
    parts: list[range]


_shared: list[_Work] = []
"""Holds the work while its processes run: what is here at the fork, they have."""


@dataclass(frozen=True, slots=True)
class ParallelRenderer:
    """Renders like :func:`kalypso.rendering.renderer.render`, in several processes."""

    workers: int
    """How many; one renders in this process."""

    def __call__(
        self,
        platform: Platform,
        jobs: Sequence[Job],
        settings: RenderSettings,
        problems: Collector,
    ) -> list[RenderedAssignment]:
        """Render the manifests of all assignments."""
        assignments = [job.assignment for job in jobs]
        work = _Work(platform, jobs, settings, parts(assignments, self.workers))
        done = _run(work) if len(work.parts) > 1 else None
        if done is None:
            return render(platform, jobs, settings, problems)
        return [
            RenderedAssignment(job.assignment, job.namespace, manifests)
            for job, manifests in zip(jobs, done, strict=True)
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


def _run(work: _Work) -> _Done | None:
    """Do the work; None if something is wrong, or where processes cannot be forked."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return None
    _shared.append(work)
    try:
        with multiprocessing.get_context("fork").Pool(len(work.parts)) as pool:
            found = pool.map(_render_part, range(len(work.parts)), chunksize=1)
    finally:
        _shared.pop()
    if any(part is None for part in found):
        return None
    return [each for part in found if part is not None for each in part]


def _render_part(number: int) -> _Done | None:
    work, problems = _shared[-1], Collector()
    part = work.parts[number]
    jobs = work.jobs[part.start : part.stop]
    rendered = render(work.platform, jobs, work.settings, problems)
    return None if problems.errors else [each.manifests for each in rendered]
