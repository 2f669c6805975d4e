"""Evaluates a model although application sources are faulty: each stays as it was last delivered.

One team's mistake must not stop the others. A faulty source is read at the commit that was last
delivered; one of which nothing ever was is left out. What the platform owns is never held: if the
model fails with every source held, the platform's files are to blame, and nothing is delivered.

Which sources are to blame is seen from where the errors are; if that does not explain all of them,
the fewest sources are looked for that have to be held so that the rest is well (U. Junker,
"QuickXplain", AAAI 2004). A source that was never delivered may be to blame for an error in a
template only if that template works for others; else the platform is, and nothing is delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from kalypso.errors import Collector, Problem, Problems
from kalypso.evaluation.blame import Blame, FaultReader, names_of
from kalypso.evaluation.pipeline import Run, evaluate_into
from kalypso.evaluation.request import Request, key_of
from kalypso.evaluation.steps import Ways
from kalypso.model import (
    HeldReading,
    HeldSource,
    Pointer,
    Provenance,
    Repositories,
    Source,
    SourceKey,
    prefetch,
)

_MOST_TRIED = 64
"""Evaluations in search of who is to blame; enough for some ten of a thousand sources."""
LastCommits = Mapping[SourceKey, str]
"""Commit of each application source from which an environment was last delivered."""


def evaluate_holding(request: Request, delivered: Callable[[Run], LastCommits | None]) -> Run:
    """Evaluate a model; sources that make it fail stay as they were last delivered.

    Args:
        request: What to evaluate.
        delivered: Asked only if the model fails, with what could be evaluated. A source that is
            missing in its answer was never delivered. None if it cannot be said what was.

    Raises:
        Problems: The model is wrong, and holding sources does not help or is not possible.
    """
    problems, reader = Collector(), FaultReader()
    run = evaluate_into(request, problems, Ways(read_workloads=reader))
    if not problems.errors:
        return run
    before = delivered(run)
    suspects = {} if before is None else _suspects(run, before)
    blame = Blame(reader.faults, names_of(run, request.repositories), problems.errors)
    found = _Search(request, suspects).least(blame)
    if found is None:
        raise Problems(problems.errors)
    held, run = found
    return _marked(run, held)


class _Suspect(msgspec.Struct, frozen=True):
    """A source that is not as it was last delivered."""

    commit: str
    """What was last delivered; empty for nothing."""
    newest: str
    """What was read; empty if it could not be."""
    pointer: Pointer


def _suspects(run: Run, before: LastCommits) -> dict[SourceKey, _Suspect]:
    """Find the sources that changed since they were delivered, or that cannot be read.

    One that was never delivered counts only if it can be read: else nothing is known about it.
    """
    made_of = run.provenance
    if made_of is None:
        return {}
    now = {(each.repository, each.branch): each.commit for each in made_of.workloads}
    owned = {(each.repository, each.branch) for each in (made_of.control_plane, *made_of.bases)}
    found: dict[SourceKey, _Suspect] = {}
    for registration in run.evaluation.platform.registrations:
        pointer = registration.workload
        key = key_of(pointer)
        commit, newest = before.get(key, ""), now.get(key, "")
        if commit != newest and key not in owned and not pointer.commit:
            found.setdefault(key, _Suspect(commit, newest, pointer))
    return found


class _Held(msgspec.Struct, frozen=True):
    """Repositories of which some are read at the commit that was last delivered."""

    repositories: Repositories
    commits: Mapping[SourceKey, str]

    def read(self, pointer: Pointer) -> Source:
        return self.repositories.read(self._pinned(pointer))

    def prefetch(self, pointers: Iterable[Pointer]) -> None:
        prefetch(self.repositories, map(self._pinned, pointers))

    def _pinned(self, pointer: Pointer) -> Pointer:
        commit = "" if pointer.commit else self.commits.get(key_of(pointer), "")
        return replace(pointer, commit=commit) if commit else pointer


class _TooMany(Exception):
    """So many sources are suspicious that a search for the fewest takes too long."""


class _Search(msgspec.Struct):
    """Looks for the fewest sources that have to be held."""

    request: Request
    suspects: Mapping[SourceKey, _Suspect]
    tried: dict[frozenset[SourceKey], tuple[Problem, ...]] = msgspec.field(default_factory=dict)
    """Errors of the model by the sources that were held."""
    latest: tuple[frozenset[SourceKey], Run] | None = None
    """The last evaluation that went well; others are not kept, since they may be large."""

    def least(self, blame: Blame) -> tuple[tuple[HeldSource, ...], Run] | None:
        """Return the sources to hold, sorted, and the model with them held.

        Returns:
            None if the model fails also with all held, or if it cannot be said who is to blame.
        """
        certain = frozenset(blame.sources & self.suspects.keys())
        errors = self._errors(certain)
        if not errors:
            held = [self._described(key, blame.of(key)) for key in sorted(certain)]
            return tuple(held), self._run(certain)
        others = self.suspects.keys() - certain
        if self._errors(certain | others):
            return None
        if not blame.clears_platform(errors, self._run(certain | others)):
            others = {key for key in others if self.suspects[key].commit}
            if self._errors(certain | others):
                return None
        return self._fewest(blame, certain, sorted(others))

    def _fewest(
        self, blame: Blame, certain: frozenset[SourceKey], others: Sequence[SourceKey]
    ) -> tuple[tuple[HeldSource, ...], Run] | None:
        try:
            kept = certain | self._needed(certain, others)
            held = []
            for key in sorted(kept):
                problems = blame.of(key) if key in blame.unread else self._errors(kept - {key})
                if problems:
                    held.append(self._described(key, problems))
                else:
                    kept -= {key}
        except _TooMany:
            return None
        return tuple(held), self._run(kept)

    def _needed(
        self, held: frozenset[SourceKey], others: Sequence[SourceKey]
    ) -> frozenset[SourceKey]:
        """Return the fewest of others without which the model fails; with all it is well."""
        if not others or not self._errors(held):
            return frozenset()
        if len(others) == 1:
            return frozenset(others)
        middle = len(others) // 2
        first, second = others[:middle], others[middle:]
        of_first = self._needed(held | frozenset(second), first)
        return of_first | self._needed(held | of_first, second)

    def _described(self, key: SourceKey, problems: tuple[Problem, ...]) -> HeldSource:
        """Say why a source is held: what is wrong as soon as it alone is taken as it is."""
        suspect = self.suspects[key]
        return HeldSource(
            repository=key[0],
            branch=key[1],
            commit=suspect.commit,
            newest=suspect.newest,
            problems=problems,
            at=suspect.pointer.at,
        )

    def _errors(self, held: frozenset[SourceKey]) -> tuple[Problem, ...]:
        if held not in self.tried:
            if len(self.tried) == _MOST_TRIED:
                raise _TooMany
            problems = Collector()
            run = evaluate_into(self._request(held), problems)
            self.tried[held] = tuple(sorted(set(problems.errors), key=Problem.sort_key))
            if not problems.errors:
                self.latest = held, run
        return self.tried[held]

    def _run(self, held: frozenset[SourceKey]) -> Run:
        if self.latest and self.latest[0] == held:
            return self.latest[1]
        return evaluate_into(self._request(held), Collector())

    def _request(self, held: frozenset[SourceKey]) -> Request:
        commits = {key: self.suspects[key].commit for key in held}
        return replace(
            self.request,
            repositories=_Held(self.request.repositories, commits),
            left_out=frozenset(key for key, commit in commits.items() if not commit),
        )


def _marked(run: Run, held: tuple[HeldSource, ...]) -> Run:
    """Say in what a run was made of which sources are held."""
    made_of = run.provenance
    return replace(run, held=held, provenance=made_of and _with_held(made_of, held))


def _with_held(made_of: Provenance, held: Iterable[HeldSource]) -> Provenance:
    readings = (HeldReading(each.repository, each.branch, each.commit, each.code) for each in held)
    return replace(made_of, held=tuple(sorted(readings)))
