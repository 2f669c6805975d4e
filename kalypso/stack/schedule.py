"""What a run found out before it declares the first resource: the whole evaluated environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kalypso.delivery import Changes, Proposal, Standing, content_digest, examine
from kalypso.errors import Problem, SettingsError
from kalypso.evaluation import Request, Run, evaluate
from kalypso.forge import WRITER, Place
from kalypso.git import file_in, mask, paths_in, tree_with, write_tree
from kalypso.gitops import Plan, assignments_in, check_assignments, markings, plan
from kalypso.loading import ControlPlane
from kalypso.model import TRACKING, Evaluation, Pointer, Provenance, Repositories
from kalypso.stack.gitops_tree import BranchPlan, Manifests, keep_ref, plan_branch, staging_of
from kalypso.stack.rollback import check_promoted, check_rollback
from kalypso.stack.settings import Settings
from kalypso.stack.sources import GitOpsBranch, PlatformRepositories


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """An environment, evaluated and compared with its branch."""

    evaluation: Evaluation
    destination: Place
    """The GitOps repository."""
    address: str
    """Its address."""
    branch: str
    parent: str
    """Commit of the branch that the files are meant for."""
    warnings: tuple[Problem, ...]
    exists: bool
    """Whether the repository is there; else this is what it will start with."""
    standing: Standing | None
    """What a delivery would do; None before the repository exists, or without pull requests."""
    manifests: str
    """The files as a tree, in the object store."""
    content: str
    """The digest of the files."""
    objects: Path
    """The object store: a bare repository."""
    present_tree: str
    """Commit or tree of the branch as it is, in the object store."""
    changes: Changes
    """What delivering does to the branch, by path."""
    run: Run
    """The evaluation with what its steps found on the way."""
    rollback: str
    """For reviewers: that main goes back to an older commit; empty if it does not."""
    provenance: Provenance | None
    """What the model was made of; None if something of it is no commit."""
    repositories: Repositories
    """Reads sources, also at other commits."""
    read_present: Callable[[], Mapping[str, bytes]]
    """Reads all files of the branch as it is."""

    @cached_property
    def tree(self) -> str:
        """The whole branch when all is merged, as a tree in the object store."""
        new = {path: change.after for path, change in self.changes.items()}
        return tree_with(self.objects, self.present_tree, new)

    @property
    def totals(self) -> Mapping[str, int]:
        """How much of everything there is."""
        return {
            "files": len(self.evaluation.files),
            "assignments": len(self.evaluation.assignments),
            "clusterTypes": len(self.evaluation.cluster_types),
        }

    @cached_property
    def present(self) -> Mapping[str, bytes]:
        """The branch as it is; read when it is asked for."""
        return self.read_present()

    @cached_property
    def planned(self) -> Plan:
        """What delivering does to the branch, with all files."""
        return plan(
            self.present, self.evaluation.files, f"{self.destination.full_name}@{self.branch}"
        )


def make_schedule(settings: Settings) -> Schedule:
    """Evaluate the model of a stack's environment. Writes nothing but objects that no branch has.

    Raises:
        Problems: Everything that is wrong with the model.
        KalypsoError: A repository cannot be read, or too much would be removed.
    """
    repositories = PlatformRepositories(settings)
    run = evaluate(request_for(settings, repositories))
    evaluation = _marked(run.evaluation, settings)
    run = replace(run, evaluation=evaluation)
    address, branch, destination = _gitops(evaluation, settings)
    staging = staging_of(destination, settings.access)
    present = repositories.gitops_branch(address, destination, branch, staging)
    encoded = {path: text.encode() for path, text in evaluation.files.items()}
    tree = write_tree(present.folder, encoded, keep_ref(settings.environment))
    planned = plan_branch(present.folder, present.tree, tree)
    _check_removals(present, planned, settings)
    standing, content = None, content_digest(evaluation.files)
    if present.exists and settings.delivery == "pull-request":
        proposal = Proposal(
            environment=settings.environment,
            branch=branch,
            tree=tree,
            content=content,
            planner=Manifests(staging).lacking,
        )
        standing = examine(destination.repository(settings.access, WRITER), proposal)
    settled = standing.settled if standing else not planned.changes
    if not settled:
        check_promoted(evaluation, settings, repositories.exists)
    tracked = file_in(present.folder, present.tree, TRACKING) or b""
    rollback = check_rollback(evaluation, tracked, settings, settled=settled)
    name = f"{destination.full_name}@{branch}"
    return Schedule(
        evaluation=evaluation,
        destination=destination,
        address=address,
        branch=branch,
        parent=present.commit,
        warnings=(*evaluation.warnings, *planned.paths.warnings(name)),
        exists=present.exists,
        standing=standing,
        manifests=tree,
        content=content,
        objects=present.folder,
        present_tree=present.tree,
        changes=planned.changes,
        run=run,
        rollback=rollback,
        provenance=run.provenance,
        repositories=repositories,
        read_present=lambda: repositories.snapshot(address, present.commit).files,
    )


def _check_removals(present: GitOpsBranch, planned: BranchPlan, settings: Settings) -> None:
    """Refuse to remove too many assignments; names of files are read only if some file goes.

    Raises:
        DeliveryError: It would.
    """
    if planned.paths.removed:
        paths = paths_in(present.folder, present.tree)
        after = (set(paths) - set(planned.paths.removed)) | set(planned.paths.written)
        before = assignments_in(paths)
        check_assignments(
            before, assignments_in(after), settings.limits.of_removals, settings.environment
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


def _gitops(evaluation: Evaluation, settings: Settings) -> tuple[str, str, Place]:
    """Return address and branch of the GitOps repository of the model, and where that is."""
    found = evaluation.platform.gitops_repo
    if found is None:
        raise SettingsError(
            f"the environment {settings.environment!r} has no GitOpsRepo",
            hint="add a gitops-repo.yaml to its branch of the control plane",
            code="no-gitops-repo",
        )
    address, branch = found.pointer.repo, found.pointer.branch or settings.environment
    forge = settings.forge
    place = forge.place(address)
    if place is not None:
        return address, branch, place
    raise SettingsError(
        f"the GitOps repository {mask(address)} is not on {forge.name}",
        found.pointer.at,
        f"its address begins with {forge.url}/, unless the settings forge and forge.url are others",
        code="other-forge",
    )
