"""The steps of an evaluation by name; every way to evaluate is put together from these.

Steps take what earlier ones gave and collect what is wrong, so that one run reports all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kalypso.errors import Collector
from kalypso.evaluation.request import Request, key_of
from kalypso.gitops import layout, readmes
from kalypso.loading import WorkloadReader, load_platform, read_workloads
from kalypso.model import (
    Assignment,
    Platform,
    RenderedAssignment,
    Repositories,
    Workload,
    WorkloadRegistration,
    main_base,
)
from kalypso.rendering import Job, Renderer, RenderSettings, namespaces
from kalypso.scheduling import Configuration, assign, configure


def _render(
    platform: Platform, jobs: Sequence[Job], settings: RenderSettings, problems: Collector
) -> Iterable[RenderedAssignment]:
    """Render in this process. The renderer is loaded here: most questions render nothing."""
    from kalypso.rendering import render  # noqa: PLC0415 - a tenth of the start of a command

    return render(platform, jobs, settings, problems)


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How the costly steps are done; other ways give the same results with less work."""

    read_workloads: WorkloadReader = read_workloads
    render: Renderer = _render


class Steps(msgspec.Struct, frozen=True):
    """The steps that answer one request, in their order."""

    request: Request
    problems: Collector
    """Receives everything that is wrong."""
    ways: Ways = msgspec.field(default_factory=Ways)

    def load(self) -> Platform:
        """Read all objects of the environment."""
        request = self.request
        return load_platform(
            request.start,
            request.repositories,
            self.problems,
            strict=request.strict,
            read=self._read,
        )

    def _read(
        self,
        registration: WorkloadRegistration,
        repositories: Repositories,
        problems: Collector,
        *,
        strict: bool,
    ) -> list[Workload]:
        if key_of(registration.workload) in self.request.left_out:
            return []
        return self.ways.read_workloads(registration, repositories, problems, strict=strict)

    def assign(self, platform: Platform) -> tuple[Assignment, ...]:
        """Find out who runs where."""
        return assign(platform, self.problems)

    def configure(
        self, platform: Platform, assignments: Sequence[Assignment]
    ) -> list[Configuration]:
        """Compose the values of each assignment and check them."""
        return configure(platform, assignments, self.problems)

    def render(
        self,
        platform: Platform,
        assignments: Sequence[Assignment],
        configurations: Sequence[Configuration],
    ) -> Iterable[RenderedAssignment]:
        """Name the namespace of each assignment and render its manifests as they are asked for.

        Returns:
            The rendered assignments, in the order of their folders; those that failed are missing.
            What is wrong with them is known when all have been taken.
        """
        settings = self.request.settings
        names = namespaces(platform, assignments, settings.convention, self.problems)
        jobs = [
            Job(assignment, name, configuration.values)
            for assignment, name, configuration in zip(
                assignments, names, configurations, strict=True
            )
        ]
        jobs.sort(key=lambda job: f"{job.assignment.folder}/")
        return self.ways.render(platform, jobs, settings, self.problems)

    def lay_out(
        self, platform: Platform, rendered: Iterable[RenderedAssignment]
    ) -> tuple[Mapping[str, str], str]:
        """Return the files of the environment by path, and the promoted commit that they name."""
        commit = _promoted_commit(platform)
        convention = self.request.settings.convention
        return layout(readmes(platform, convention), rendered, convention, commit), commit


def _promoted_commit(platform: Platform) -> str:
    """Return the commit that the environment runs; empty if it follows a branch."""
    base = main_base(platform.base_repos)
    return base.pointer.commit if base else ""
