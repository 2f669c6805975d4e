"""Who runs where and with which values, without rendering: what questions about a model need.

A question is answered from the whole model or not at all: a file that cannot be read could hold
what was asked for.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from kalypso.errors import Collector, Problem
from kalypso.evaluation.pipeline import Run
from kalypso.evaluation.recording import Recorder
from kalypso.evaluation.request import Request
from kalypso.evaluation.steps import Steps
from kalypso.model import Assignment, Platform, Provenance
from kalypso.scheduling import Configuration


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """The objects of an environment, and its assignments."""

    platform: Platform
    assignments: tuple[Assignment, ...]
    """Sorted by cluster type, then target."""
    warnings: tuple[Problem, ...]


def survey(request: Request) -> Survey:
    """Load a model and schedule it.

    Raises:
        Problems: Objects are wrong: all their problems. Templates and schemas are not tried.
    """
    problems = Collector()
    steps = Steps(request, problems)
    platform = steps.load()
    assignments = steps.assign(platform)
    problems.raise_errors()
    return Survey(platform=platform, assignments=assignments, warnings=tuple(problems.warnings))


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation without its manifests: what the reasons of a change are found in."""

    platform: Platform
    assignments: tuple[Assignment, ...]
    """Sorted by cluster type, then target."""
    configurations: list[Configuration]
    """The configuration of each assignment, in the same order."""
    provenance: Provenance | None
    """What the model was made of; None if part of it was not a commit."""


def outline(request: Request) -> Outline:
    """Load a model, schedule it and compose its values.

    Raises:
        Problems: Objects or values are wrong: all their problems. Templates are not tried.
    """
    problems = Collector()
    recorder = Recorder(request.repositories)
    steps = Steps(replace(request, repositories=recorder), problems)
    platform = steps.load()
    assignments = steps.assign(platform)
    configurations = steps.configure(platform, assignments)
    problems.raise_errors()
    return Outline(
        platform=platform,
        assignments=assignments,
        configurations=configurations,
        provenance=recorder.provenance(request, platform),
    )


def outline_of(run: Run) -> Outline:
    """Return the outline of a whole evaluation."""
    return Outline(
        platform=run.evaluation.platform,
        assignments=run.evaluation.assignments,
        configurations=run.configurations,
        provenance=run.provenance,
    )
