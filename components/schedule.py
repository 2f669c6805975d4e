"""What a run found out before it declares the first resource: the whole evaluated environment."""

from dataclasses import dataclass

from kalypso.delivery.deliver import Standing, examine
from kalypso.delivery.local_git import LocalForge
from kalypso.delivery.proposal import Proposal
from kalypso.errors import Problem, SettingsError
from kalypso.gitops.plan import plan
from kalypso.gitops.removals import check
from kalypso.loading.platform import ControlPlane
from kalypso.model.platform import Evaluation
from kalypso.model.records import Pointer
from kalypso.pipeline import Request, evaluate

from .gitops_tree import whole_branch
from .settings import Settings
from .sources import PlatformRepositories


@dataclass(frozen=True, slots=True)
class Schedule:
    """An environment, evaluated and compared with its branch."""

    evaluation: Evaluation
    repository: str
    """Name of the GitOps repository."""
    branch: str
    parent: str
    """Commit of the branch that the files are meant for."""
    warnings: tuple[Problem, ...]
    standing: Standing | None
    """What a delivery would do; None before the repository exists."""


def make_schedule(settings: Settings) -> Schedule:
    """Evaluate the model of a stack's environment. Reads only.

    Raises:
        Problems: Everything that is wrong with the model.
        KalypsoError: A repository cannot be read, or too much would be removed.
    """
    repositories = PlatformRepositories(settings)
    url = settings.local.url_of(settings.repository("control-plane"))
    pointer = Pointer(repo=url, branch=settings.environment)
    start = ControlPlane(
        environment=settings.environment, source=repositories.read(pointer), pointer=pointer
    )
    evaluation = evaluate(
        Request(
            start=start,
            repositories=repositories,
            settings=settings.rendering,
            strict=settings.strict,
        )
    )
    address, branch, name = _gitops(evaluation, settings)
    present = repositories.snapshot(address, branch)
    changed = plan(present.files, evaluation.files, f"{name}@{branch}")
    check(changed, settings.limits, settings.environment)
    standing = None
    if repositories.exists(address):
        proposal = Proposal(
            environment=settings.environment,
            branch=branch,
            files=evaluation.files,
            planner=whole_branch,
        )
        standing = examine(LocalForge(settings.local.path(name)), proposal)
    warnings = (*evaluation.warnings, *changed.warnings)
    return Schedule(evaluation, name, branch, present.commit, warnings, standing)


def _gitops(evaluation: Evaluation, settings: Settings) -> tuple[str, str, str]:
    """Return address, branch and name of the GitOps repository that the model points at."""
    found = evaluation.platform.gitops_repo
    if found is None:
        raise SettingsError(
            f"the environment {settings.environment!r} has no GitOpsRepo",
            hint="add a gitops-repo.yaml to its branch of the control plane",
            code="no-gitops-repo",
        )
    name = settings.local.name_of(found.pointer.repo)
    if name is None:
        raise SettingsError(
            f"the GitOps repository {found.pointer.repo} is not on the embedded forge",
            found.pointer.at,
            f"in this version its address begins with {settings.forge_url}/",
            code="not-yet",
        )
    return found.pointer.repo, found.pointer.branch or settings.environment, name
