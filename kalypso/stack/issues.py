"""Issues of the control plane's repository about assignments that fail, after a run.

Only a run that may write does this: a preview opens nothing. An error that says nothing of
assignments, such as a source that cannot be read, leaves all issues as they are. And an
issue that cannot be read or written is a warning: it stops no delivery, and hides no error.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

import msgspec

from kalypso.delivery import FailedAssignment, Settled, settle_issues
from kalypso.errors import KalypsoError, Problem
from kalypso.evaluation import Run, failed_assignments, key_of
from kalypso.forge import Place
from kalypso.model import Assignment
from kalypso.stack.settings import Settings
from kalypso.stack.stack_model import request_for

_RIGHTS = (
    "the token needs issues: write on the control plane's repository, which must have issues; "
    "`pulumi config set issues false` does without them"
)
_REFUSED = {"denied", "no-repository", "github-refused"}
"""Codes of problems that other rights, or doing without issues, would fix."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of the issues."""

    settled: Settled = msgspec.field(default_factory=Settled)
    sentences: tuple[str, ...] = ()
    """The same in words: a sentence for each issue that was changed."""
    warnings: tuple[Problem, ...] = ()
    """Why the issues may not be as they should."""


def settle_after_success(settings: Settings, run: Run | None = None) -> Outcome:
    """Close what is open: every assignment is well, but for those of sources that are held."""
    return _settle(settings, lambda: _held(settings, run) if run else ())


def settle_after_failure(settings: Settings) -> Outcome:
    """Open an issue for each reason why assignments fail, and close those of the others."""
    return _settle(settings, lambda: _failed(settings))


def _settle(settings: Settings, find: Callable[[], Collection[FailedAssignment] | None]) -> Outcome:
    try:
        place = _place(settings)
        tracker = place.issues(settings.access) if place else None
        failed = find() if tracker else None
        if place is None or tracker is None or failed is None:
            return Outcome()
        settled = settle_issues(tracker, settings.environment, failed)
    except KalypsoError as error:
        return Outcome(warnings=tuple(map(_as_warning, error.problems)))
    return Outcome(settled, tuple(_sentences(settled, place)))


def _failed(settings: Settings) -> list[FailedAssignment] | None:
    """Evaluate again for what fails; None if the errors are about no assignments."""
    failed = failed_assignments(request_for(settings))
    if failed is None:
        return None
    groups: dict[object, list[tuple[Assignment, tuple[Problem, ...]]]] = {}
    for each in failed:
        groups.setdefault(tuple(map(_cause, each[1])), []).append(each)
    return [
        FailedAssignment(
            environment=settings.environment,
            cluster_type=first.cluster_type.name,
            target=first.target.name,
            problems=problems,
            others=tuple(sorted(other.folder for other, _ in others)),
        )
        for (first, problems), *others in groups.values()
    ]


def _cause(problem: Problem) -> tuple[object, ...]:
    """Return what is the same of a problem, whichever assignment shows it."""
    return problem.code, problem.at, problem.hint, problem.excerpt


def _held(settings: Settings, run: Run) -> list[FailedAssignment]:
    """Return the assignments that stay as they were delivered, because their source is held."""
    held = {each.key: each for each in run.held}
    if not held:
        return []
    sources = {
        workload.name: held.get(key_of(workload.registration.workload))
        for workload in run.evaluation.platform.workloads
    }
    return [
        FailedAssignment(
            environment=settings.environment,
            cluster_type=assignment.cluster_type.name,
            target=assignment.target.name,
            problems=source.problems,
            held_at=source.commit,
        )
        for assignment in run.evaluation.assignments
        if (source := sources[assignment.target.workload])
    ]


def _place(settings: Settings) -> Place | None:
    """Return the repository that keeps the issues: the control plane's.

    None if the stack wants none, or the control plane is elsewhere than on its forge, or
    not made yet.
    """
    if not settings.issues:
        return None
    place = settings.forge.place(settings.control_plane_url)
    return place if place and place.has_content else None


def _sentences(settled: Settled, place: Place) -> list[str]:
    changes = {"opened": settled.opened, "updated": settled.updated, "closed": settled.closed}
    return [
        f"{what} issue {number}: {place.look_at_issue(number)}"
        for what, numbers in changes.items()
        for number in numbers
    ]


def _as_warning(problem: Problem) -> Problem:
    return replace(
        problem,
        severity="warning",
        message=f"the issues about assignments may not be up to date: {problem.message}",
        hint=_RIGHTS if problem.code in _REFUSED else problem.hint,
    )
