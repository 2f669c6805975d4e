"""Evaluates a platform model: from sources to the files of the GitOps repository.

The only place that knows the order of the rooms. It is a pure function of the files it is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kalypso.errors import Collector
from kalypso.gitops.layout import layout
from kalypso.loading.platform import ControlPlane, load_platform
from kalypso.loading.workloads import WorkloadReader, read_workloads
from kalypso.model.objects import BaseRepo
from kalypso.model.platform import Evaluation
from kalypso.model.records import Repositories
from kalypso.rendering.render import Renderer, RenderSettings, render
from kalypso.scheduling.assignments import assign
from kalypso.scheduling.configuration import Configuration, configure


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to evaluate, and how."""

    start: ControlPlane
    """The environment's branch of the control plane."""
    repositories: Repositories
    settings: RenderSettings = field(default_factory=RenderSettings)
    strict: bool = False
    """Unknown fields are errors, not warnings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An evaluation with what its steps found on the way."""

    evaluation: Evaluation
    configurations: list[Configuration]
    """The configuration of each assignment, in the same order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The costly steps of an evaluation, replaced where an earlier one can be built on."""

    read_workloads: WorkloadReader = read_workloads
    render: Renderer = render


def evaluate(request: Request) -> Evaluation:
    """Evaluate a model whole.

    Raises:
        Problems: Everything that is wrong with it, sorted by file and line. Nothing of a model
            with an error in it may be delivered.
    """
    problems = Collector()
    run = evaluate_into(request, problems)
    problems.raise_errors()
    return run.evaluation


def evaluate_into(request: Request, problems: Collector, steps: Steps | None = None) -> Run:
    """Evaluate as far as possible and collect what is wrong; for `kalypso validate`.

    Args:
        request: What to evaluate.
        problems: Receives everything that is wrong.
        steps: Other ways to do the costly steps, which give the same results.
    """
    steps = steps or Steps()
    platform = load_platform(
        request.start,
        request.repositories,
        problems,
        strict=request.strict,
        read=steps.read_workloads,
    )
    assignments = assign(platform, problems)
    configurations = configure(platform, assignments, problems)
    rendered = steps.render(
        platform,
        assignments,
        [configuration.values for configuration in configurations],
        request.settings,
        problems,
    )
    commit = promoted_commit(platform.base_repos)
    convention = request.settings.convention
    evaluation = Evaluation(
        environment=platform.environment,
        convention=convention,
        platform=platform,
        assignments=assignments,
        files=layout(platform.cluster_types, rendered, convention, commit),
        promoted_commit=commit,
        warnings=tuple(problems.warnings),
    )
    return Run(evaluation=evaluation, configurations=configurations)


def promoted_commit(bases: tuple[BaseRepo, ...]) -> str:
    """Return the commit that the environment runs: that of the base ``main``, or of the first."""
    named = [base for base in bases if base.name == "main"] or list(bases[:1])
    return named[0].pointer.commit if named else ""
