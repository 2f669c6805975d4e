"""What each save of a file does to a model: one evaluation after another, compared with the start.

For `kalypso watch`, and for whoever else shows a model while it is edited.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import msgspec
from msgspec.structs import replace

from kalypso.advice import advise, audible, read_rules
from kalypso.errors import Collector, Problem
from kalypso.evaluation.comparison import Comparison, compare_runs, compare_with_branch
from kalypso.evaluation.memory import Memory
from kalypso.evaluation.pipeline import Run
from kalypso.evaluation.request import Request
from kalypso.loading import parse_location, read_location
from kalypso.model import Pointer, Repositories, Source


class Look(msgspec.Struct, frozen=True):
    """The model after one save."""

    saved: tuple[str, ...]
    """Files that were saved; none for the first look."""
    errors: tuple[Problem, ...]
    comparison: Comparison | None
    """``None`` while the model has errors, and for a first look without anything to compare."""
    assignments: int
    seconds: float


class Session(msgspec.Struct):
    """Evaluates the model after each save, on top of what it knows."""

    make_request: Callable[[], Request]
    """Reads the control plane as it is now."""
    gitops: str
    """Location to compare with; empty means the model as it was at the start."""
    memory: Memory = msgspec.field(default_factory=Memory)
    sources: dict[tuple[str, str, str], Source] = msgspec.field(default_factory=dict)
    start: Run | None = None
    warned: frozenset[Problem] = frozenset()
    latest: tuple[Request, Run, Collector] | None = None
    """The model after the last save; ``None`` if it has errors."""

    def look(self, saved: Iterable[str]) -> Look:
        """Evaluate the model as it is now."""
        began = time.perf_counter()
        problems = Collector()
        comparison: Comparison | None = None
        self.latest = None
        with problems.catching():
            request = self._request()
            run = self.memory.evaluate_into(request, problems)
            if not problems.errors:
                comparison = self._compare(run)
                self.latest = request, run, problems
        return Look(
            saved=tuple(saved),
            errors=_sorted(problems.errors),
            comparison=comparison,
            assignments=len(self.latest[1].evaluation.assignments) if self.latest else 0,
            seconds=time.perf_counter() - began,
        )

    def advice(self) -> tuple[Problem, ...]:
        """Return the warnings that the last look has and the one before had not.

        It costs as much as the look itself, so people see first what a save changes.
        """
        if self.latest is None:
            return ()
        request, run, problems = self.latest
        advise(run.evaluation, run.configurations, problems)
        now = audible(problems.warnings, read_rules(request.start.source, problems))
        fresh = frozenset(now) - self.warned
        self.warned = frozenset(now)
        return _sorted([*problems.errors, *fresh])

    def _request(self) -> Request:
        request = self.make_request()
        return replace(request, repositories=_Unchanged(request.repositories, self.sources))

    def _compare(self, run: Run) -> Comparison | None:
        if self.gitops:
            present = read_location(parse_location(self.gitops), lambda _: True).files
            return compare_with_branch(present, run, self.gitops)
        if self.start is None:
            self.start = run
            return None
        return compare_runs(self.start, run, ("the start", "now"))


class _Unchanged(msgspec.Struct, frozen=True):
    """Repositories that give the same object again as long as nothing in a folder changed.

    What comes from git is read once: a branch does not change by saving a file.
    """

    now: Repositories
    known: dict[tuple[str, str, str], Source]

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names; the base, which may be elsewhere, each time."""
        if pointer.main_base:
            return self.now.read(pointer)
        key = (pointer.repo, pointer.branch, pointer.commit)
        known = self.known.get(key)
        if known is not None and known.commit:
            return known
        source = self.now.read(pointer)
        if known is not None and (known.name, known.files) == (source.name, source.files):
            return known
        self.known[key] = source
        return source


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=Problem.sort_key))
