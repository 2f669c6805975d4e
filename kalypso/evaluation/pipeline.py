"""Evaluates a platform model: from sources to the files of the GitOps repository.

A pure function of the files that it is given.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from kalypso.errors import Collector
from kalypso.evaluation.recording import Recorder
from kalypso.evaluation.request import Request
from kalypso.evaluation.steps import Steps, Ways
from kalypso.garbage import seldom_collected
from kalypso.model import Evaluation, HeldSource, Provenance
from kalypso.scheduling import Configuration


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation with what its steps found on the way."""

    evaluation: Evaluation
    configurations: list[Configuration]
    """The configuration of each assignment, in the same order."""
    provenance: Provenance | None
    """What the model was made of; None if part of it was not a commit."""
    held: tuple[HeldSource, ...] = ()
    """Application sources that are not taken as they are now, sorted."""


def evaluate(request: Request, *, workers: int = 1) -> Run:
    """Evaluate a model whole.

    Args:
        request: What to evaluate.
        workers: Processes that render; the result is the same, to the byte.

    Raises:
        Problems: The model is wrong: all problems, sorted by file and line. Nothing of a model
            with an error in it may be delivered.
    """
    problems = Collector()
    run = evaluate_into(request, problems, _ways(workers))
    problems.raise_errors()
    return run


@seldom_collected()
def evaluate_into(request: Request, problems: Collector, ways: Ways | None = None) -> Run:
    """Evaluate as far as possible, for whoever shows what there is beside what is wrong.

    Args:
        request: What to evaluate.
        problems: Receives everything that is wrong; with an error in it, the run is incomplete.
        ways: Other ways to do the costly steps, which give the same results.
    """
    recorder = Recorder(request.repositories)
    steps = Steps(replace(request, repositories=recorder), problems, ways or Ways())
    platform = steps.load()
    assignments = steps.assign(platform)
    configurations = steps.configure(platform, assignments)
    rendered = steps.render(platform, assignments, configurations)
    files, promoted_commit = steps.lay_out(platform, rendered)
    problems.quote()
    evaluation = Evaluation(
        environment=platform.environment,
        convention=request.settings.convention,
        platform=platform,
        assignments=assignments,
        files=files,
        promoted_commit=promoted_commit,
        warnings=tuple(problems.warnings),
    )
    return Run(
        evaluation=evaluation,
        configurations=configurations,
        provenance=recorder.provenance(request, platform),
    )


def _ways(workers: int) -> Ways:
    if workers == 1:
        return Ways()
    from kalypso.evaluation.workers import ParallelRenderer  # noqa: PLC0415 - for large models only

    return Ways(render=ParallelRenderer(workers))
