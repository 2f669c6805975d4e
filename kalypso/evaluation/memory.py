"""What earlier evaluations found, so that the next one does only what a change concerns.

For `kalypso watch`: the same results as without it, problem for problem and byte for byte. Files of
workloads are read again if their repository changed, and a manifest is rendered again if anything
differs that it can depend on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kalypso.errors import Collector, SourceError
from kalypso.evaluation.pipeline import Run, evaluate_into
from kalypso.evaluation.request import Request
from kalypso.evaluation.sameness import Known, Sameness
from kalypso.evaluation.steps import Ways
from kalypso.loading import read_workloads
from kalypso.model import (
    MANIFEST_KINDS,
    Manifest,
    ManifestKind,
    Platform,
    RenderedAssignment,
    Repositories,
    Source,
    Workload,
    WorkloadRegistration,
)
from kalypso.rendering import Job, RenderSettings, render


class Memory:
    """Evaluates again and again, each time on top of what it knows.

    The repositories of a request must give the same :class:`Source` object as long as nothing in a
    tree changed; for another object the tree is read again.
    """

    def __init__(self) -> None:
        self._workloads: dict[str, _Read] = {}
        self._rendered: dict[str, Known] = {}
        self._surroundings: tuple[str, RenderSettings] | None = None
        self._ways = Ways(read_workloads=self._read, render=self._render)

    def evaluate_into(self, request: Request, problems: Collector) -> Run:
        """Evaluate as :func:`kalypso.evaluation.pipeline.evaluate_into` does."""
        return evaluate_into(request, problems, self._ways)

    def _read(
        self,
        registration: WorkloadRegistration,
        repositories: Repositories,
        problems: Collector,
        *,
        strict: bool,
    ) -> list[Workload]:
        try:
            source = repositories.read(registration.workload)
        except SourceError:
            return read_workloads(registration, repositories, problems, strict=strict)
        known = self._workloads.get(registration.name)
        if known is None or not known.holds(source, registration, strict=strict):
            found = Collector()
            try:
                workloads = read_workloads(registration, repositories, found, strict=strict)
            finally:
                _add(found, problems)
            self._workloads[registration.name] = _Read(
                source, registration, strict, tuple(workloads), found
            )
            return workloads
        _add(known.found, problems)
        return list(known.workloads)

    def _render(
        self,
        platform: Platform,
        jobs: Sequence[Job],
        settings: RenderSettings,
        problems: Collector,
    ) -> list[RenderedAssignment]:
        if self._surroundings != (platform.environment, settings):
            self._rendered.clear()
            self._surroundings = (platform.environment, settings)
        same = Sameness(platform.templates)
        stale = [
            _stale(same, self._rendered.get(job.assignment.folder), job)
            for job in jobs
            if not same.holds(self._rendered.get(job.assignment.folder), job.assignment, job.values)
        ]
        done = render(platform, [each.job for each in stale], settings, problems)
        self._remember(same, stale, {each.assignment.folder: each for each in done})
        return [
            RenderedAssignment(job.assignment, known.rendered.namespace, known.rendered.manifests)
            for job in jobs
            if (known := self._rendered.get(job.assignment.folder)) is not None
        ]

    def _remember(
        self, same: Sameness, stale: Sequence[_Stale], done: Mapping[str, RenderedAssignment]
    ) -> None:
        for each in stale:
            assignment = each.job.assignment
            self._rendered.pop(assignment.folder, None)
            rendered = done.get(assignment.folder)
            if rendered is None:
                continue
            own = {manifest.kind: manifest for manifest in rendered.manifests}
            both = (each.kept.get(kind) or own.get(kind) for kind in MANIFEST_KINDS)
            manifests = tuple(manifest for manifest in both if manifest is not None)
            self._rendered[assignment.folder] = Known(
                assignment,
                each.job.values,
                same.templates_of(assignment.cluster_type),
                RenderedAssignment(assignment, rendered.namespace, manifests),
            )


class _Stale(msgspec.Struct, frozen=True):
    """An assignment of which some manifests are rendered again."""

    job: Job
    kept: Mapping[ManifestKind, Manifest | None]
    """Kinds of manifests that would be as they were; ``None`` for one that was empty."""


def _stale(same: Sameness, known: Known | None, job: Job) -> _Stale:
    """Leave out the manifests that stay as they are although the values changed."""
    if known is None or not same.holds(known, job.assignment, known.values):
        return _Stale(job, {})
    manifests = {manifest.kind: manifest for manifest in known.rendered.manifests}
    kept = {kind: manifests.get(kind) for kind in same.free_of_values(known.templates)}
    kinds = tuple(kind for kind in job.kinds if kind not in kept)
    return _Stale(job._replace(kinds=kinds), kept)


class _Read(msgspec.Struct, frozen=True):
    """The workloads of a registration, and what they were read from."""

    source: Source
    registration: WorkloadRegistration
    strict: bool
    workloads: tuple[Workload, ...]
    found: Collector
    """Everything that was wrong with them."""

    def holds(self, source: Source, registration: WorkloadRegistration, *, strict: bool) -> bool:
        return self.source is source and self.strict == strict and self.registration == registration


def _add(found: Collector, problems: Collector) -> None:
    problems.errors += found.errors
    problems.warnings += found.warnings
