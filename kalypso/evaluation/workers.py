"""Rendering in several processes, for models so large that it pays; the same result, to the byte.

Each process is a fork of this one, so that the model need not be sent; only finished manifests come
back. Assignments are parted between cluster types. If anything is wrong with any of them, all are
rendered once more in this process, so that problems read the same however many processes there are.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from kalypso.errors import Collector
from kalypso.model import Assignment, Manifest, Platform, RenderedAssignment
from kalypso.rendering import Job, RenderSettings, render

_MOST = 10_000
"""Assignments of one part."""

_Done = list[tuple[Manifest, ...]]
"""Manifests of each assignment of a part, in order."""


class _Work(msgspec.Struct, frozen=True):
    """What all processes know from the fork."""

    platform: Platform
    jobs: Sequence[Job]
    settings: RenderSettings
    parts: list[range]


_shared: list[_Work] = []
"""Holds the work while its processes run: what is here at the fork, they have."""


class ParallelRenderer(msgspec.Struct, frozen=True):
    """Renders like :func:`kalypso.rendering.renderer.render`, in several processes."""

    workers: int
    """How many; one renders in this process."""

    def __call__(
        self,
        platform: Platform,
        jobs: Sequence[Job],
        settings: RenderSettings,
        problems: Collector,
    ) -> Iterator[RenderedAssignment]:
        """Render the manifests of all assignments, which come in order, part by part."""
        assignments = [job.assignment for job in jobs]
        work = _Work(platform, jobs, settings, parts(assignments, self.workers))
        if len(work.parts) <= 1 or "fork" not in multiprocessing.get_all_start_methods():
            yield from render(platform, jobs, settings, problems)
            return
        for part, done in zip(work.parts, _run(work, self.workers), strict=False):
            if done is None:  # before this part all went well; what is wrong, one process says
                yield from islice(render(platform, jobs, settings, problems), part.start, None)
                return
            for job, manifests in zip(jobs[part.start : part.stop], done, strict=True):
                yield RenderedAssignment(job.assignment, job.namespace, manifests)


def parts(assignments: Sequence[Assignment], workers: int) -> list[range]:
    """Part assignments, sorted by cluster type, into ranges between cluster types.

    They are about equal, and few enough that the manifests of some parts fit into memory.
    """
    size = max(1, min(len(assignments) // max(1, workers), _MOST))
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


def _run(work: _Work, workers: int) -> Iterator[_Done | None]:
    """Do the work and give its parts in order; None for one in which something is wrong."""
    _shared.append(work)
    try:
        with multiprocessing.get_context("fork").Pool(min(workers, len(work.parts))) as pool:
            yield from pool.imap(_render_part, range(len(work.parts)), chunksize=1)
    finally:
        _shared.pop()


def _render_part(number: int) -> _Done | None:
    work, problems = _shared[-1], Collector()
    part = work.parts[number]
    jobs = work.jobs[part.start : part.stop]
    done = [each.manifests for each in render(work.platform, jobs, work.settings, problems)]
    return None if problems.errors else done
