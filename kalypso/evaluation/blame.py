"""Who is to blame for the errors of a model, by where they are: a source, or the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

import msgspec

from kalypso.errors import Collector, KalypsoError, Problem
from kalypso.evaluation.pipeline import Run
from kalypso.evaluation.request import key_of
from kalypso.loading import read_workloads
from kalypso.model import (
    MANIFEST_KINDS,
    Repositories,
    SourceKey,
    Workload,
    WorkloadRegistration,
    template_name,
)


class FaultReader(msgspec.Struct):
    """Reads workloads, and remembers which source each error is about."""

    faults: dict[SourceKey, list[Problem]] = msgspec.field(default_factory=dict)

    def __call__(
        self,
        registration: WorkloadRegistration,
        repositories: Repositories,
        problems: Collector,
        *,
        strict: bool,
    ) -> list[Workload]:
        """Return the workloads; see :func:`~kalypso.loading.read_workloads`."""
        own, workloads, key = Collector(), [], key_of(registration.workload)
        with own.catching():
            workloads = read_workloads(registration, repositories, own, strict=strict)
        if own.errors:
            self.faults.setdefault(key, []).extend(own.errors)
        problems.errors += own.errors
        problems.warnings += own.warnings
        return workloads


class Blame:
    """What the errors of a model say about who is to blame, by where they are."""

    def __init__(
        self,
        faults: Mapping[SourceKey, Iterable[Problem]],
        names: Mapping[str, set[SourceKey]],
        errors: Iterable[Problem],
    ) -> None:
        self._names = names
        self.unread = frozenset(faults)
        """Sources that cannot be read, or not wholly."""
        self._found = {key: set(problems) for key, problems in faults.items()}
        for problem in errors:
            keys = self._names.get(_source_name(problem), set())
            if len(keys) == 1:
                (key,) = keys
                self._found.setdefault(key, set()).add(problem)

    @property
    def sources(self) -> frozenset[SourceKey]:
        """The sources that have errors in their files, or that cannot be read."""
        return frozenset(self._found)

    def of(self, key: SourceKey) -> tuple[Problem, ...]:
        """Return what is wrong with a source, sorted."""
        return tuple(sorted(self._found[key], key=Problem.sort_key))

    def clears_platform(self, errors: Iterable[Problem], without: Run) -> bool:
        """Return whether none of some errors is the platform's.

        Args:
            errors: What is wrong.
            without: The model with all suspects held. A template that works there is not broken.
        """
        working = _templates_of(without)
        return all(
            _source_name(problem) in self._names or problem.at.file in working for problem in errors
        )


def names_of(run: Run, repositories: Repositories) -> dict[str, set[SourceKey]]:
    """Return the sources of each name by which messages call them; several may have one name."""
    found: dict[str, set[SourceKey]] = {}
    for registration in run.evaluation.platform.registrations:
        with suppress(KalypsoError):
            name = repositories.read(registration.workload).name
            found.setdefault(name, set()).add(key_of(registration.workload))
    return found


def _templates_of(run: Run) -> set[str]:
    """Return the files of the templates that render something."""
    platform = run.evaluation.platform
    names = {
        template_name(assignment.cluster_type, kind)
        for assignment in run.evaluation.assignments
        for kind in MANIFEST_KINDS
    }
    return {platform.templates[name].at.file for name in names if name in platform.templates}


def _source_name(problem: Problem) -> str:
    name, colon, _ = problem.at.file.partition(":")
    return f"{name}{colon}"
