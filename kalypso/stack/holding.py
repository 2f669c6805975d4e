"""What a stack does about a faulty application source: it is held, or stops the run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kalypso.delivery import last_delivered
from kalypso.errors import KalypsoError, Problem
from kalypso.evaluation import Request, Run, evaluate, evaluate_holding
from kalypso.forge import WRITER
from kalypso.gitops import assignments_in
from kalypso.model import HeldSource, SourceKey
from kalypso.report import held_sentence
from kalypso.stack.destination import destination_of
from kalypso.stack.settings import Settings
from kalypso.stack.sources import PlatformRepositories

_HINT = "the rest is delivered; with the setting sources.onError: stop, nothing would be"


def evaluate_stack(request: Request, settings: Settings, repositories: PlatformRepositories) -> Run:
    """Evaluate a stack's environment, with faulty application sources held if it wants that.

    Only merged pull requests say what was delivered, so other deliveries hold nothing.

    Raises:
        Problems: The model is wrong, and holding sources does not help: all its problems.
    """
    if settings.sources.on_error == "stop" or settings.delivery != "pull-request":
        return evaluate(request)
    return evaluate_holding(request, lambda run: _delivered(run, settings, repositories))


def held_warnings(held: Iterable[HeldSource]) -> Iterator[Problem]:
    """Say which sources are held, and after each what is wrong with it."""
    for each in held:
        code = "source-held" if each.commit else "source-left-out"
        yield Problem(code, held_sentence(each), each.at, _HINT, "warning")
        yield from (replace(problem, severity="warning") for problem in each.problems)


def held_output(held: Iterable[HeldSource]) -> dict[str, dict[str, str]]:
    """Return the output `heldSources` of a stack, for programs that watch over it.

    A map by repository and branch: in a list, one that is added shows as a change of the others.
    """
    return {
        f"{each.repository}@{each.branch}": {
            "repository": each.repository,
            "branch": each.branch,
            "commit": each.commit,
            "newest": each.newest,
            "code": each.code,
            "message": each.problems[0].message,
        }
        for each in held
    }


def _delivered(
    run: Run, settings: Settings, repositories: PlatformRepositories
) -> Mapping[SourceKey, str] | None:
    """Return what the environment's branch was last made of; None if nobody can say.

    A branch without assignments was made of nothing. One that has some, but no pull request of
    ours, may have been written by another program.
    """
    try:
        found = run.evaluation.platform.gitops_repo
        destination = destination_of(found.pointer if found else None, settings)
        address, branch = destination.address, destination.branch
        present = repositories.snapshot(address, branch)
        made_of = None
        if repositories.exists(address):
            gitops = destination.place.repository(settings.access, WRITER)
            made_of = last_delivered(gitops, settings.environment, branch)
    except KalypsoError:  # the errors of the model are reported; this one would hide them
        return None
    if made_of is not None:
        return {(each.repository, each.branch): each.commit for each in made_of.workloads}
    return None if assignments_in(present.files) else {}
