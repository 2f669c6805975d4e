"""What a run found out before it declares the first resource: the whole evaluated environment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kalypso.delivery import Proposal, Standing, examine
from kalypso.errors import Problem
from kalypso.evaluation import Request, Run
from kalypso.forge import WRITER, Place
from kalypso.gitops import Plan, check, markings, plan
from kalypso.loading import ControlPlane
from kalypso.model import Evaluation, Pointer, Provenance, Repositories
from kalypso.stack.destination import destination_of
from kalypso.stack.gitops_tree import whole_branch
from kalypso.stack.holding import evaluate_stack, held_warnings
from kalypso.stack.rollback import check_promoted, check_rollback
from kalypso.stack.settings import Settings
from kalypso.stack.sources import PlatformRepositories


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """An environment, evaluated and compared with its branch."""

    evaluation: Evaluation
    destination: Place
    """The GitOps repository."""
    branch: str
    parent: str
    """Commit of the branch that the files are meant for."""
    warnings: tuple[Problem, ...]
    exists: bool
    """Whether the repository is there; else this is what it will start with."""
    standing: Standing | None
    """What a delivery would do; None before the repository exists, or without pull requests."""
    planned: Plan
    """What delivering does to the branch."""
    run: Run
    """The evaluation with what its steps found on the way."""
    present: Mapping[str, bytes]
    """The branch as it is."""
    rollback: str
    """For reviewers: that main goes back to an older commit; empty if it does not."""
    provenance: Provenance | None
    """What the model was made of; None if something of it is no commit."""
    repositories: Repositories
    """Reads sources, also at other commits."""


def make_schedule(settings: Settings) -> Schedule:
    """Evaluate the model of a stack's environment. Reads only.

    Raises:
        Problems: Everything that is wrong with the model.
        KalypsoError: A repository cannot be read, or too much would be removed.
    """
    repositories = PlatformRepositories(settings)
    run = evaluate_stack(request_for(settings, repositories), settings, repositories)
    evaluation = _marked(run.evaluation, settings)
    run = replace(run, evaluation=evaluation)
    found = destination_of(evaluation, settings)
    address, branch, destination = found.address, found.branch, found.place
    present = repositories.snapshot(address, branch)
    changed = plan(present.files, evaluation.files, f"{destination.full_name}@{branch}")
    check(changed, settings.limits.of_removals, settings.environment)
    standing, exists = None, repositories.exists(address)
    if exists and settings.delivery == "pull-request":
        proposal = Proposal(
            environment=settings.environment,
            branch=branch,
            files=evaluation.files,
            planner=whole_branch,
        )
        standing = examine(destination.repository(settings.access, WRITER), proposal)
    settled = standing.settled if standing else not changed.changes
    if not settled:
        check_promoted(evaluation, settings, repositories.exists)
    rollback = check_rollback(evaluation, present.files, settings, settled=settled)
    warnings = (*evaluation.warnings, *changed.warnings, *held_warnings(run.held))
    return Schedule(
        evaluation=evaluation,
        destination=destination,
        branch=branch,
        parent=present.commit,
        warnings=warnings,
        exists=exists,
        standing=standing,
        planned=changed,
        run=run,
        present=present.files,
        rollback=rollback,
        provenance=run.provenance,
        repositories=repositories,
    )


def request_for(settings: Settings, repositories: PlatformRepositories | None = None) -> Request:
    """Return the request that evaluates a stack's environment.

    Raises:
        SourceError: The control plane cannot be read.
    """
    repositories = repositories or PlatformRepositories(settings)
    pointer = Pointer(repo=settings.control_plane_url, branch=settings.environment)
    source = repositories.read_environment(pointer)
    return Request(
        start=ControlPlane(environment=settings.environment, source=source, pointer=pointer),
        repositories=repositories,
        settings=settings.rendering,
        strict=settings.strict,
    )


def _marked(evaluation: Evaluation, settings: Settings) -> Evaluation:
    """Add the lines that tell a forge about the folders, if the stack wants them."""
    marks = markings(
        [each.name for each in evaluation.cluster_types],
        generated=settings.gitops.mark_generated,
        owners=settings.gitops.owners,
    )
    return replace(evaluation, files=dict(sorted({**evaluation.files, **marks}.items())))
