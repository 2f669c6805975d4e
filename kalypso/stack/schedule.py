"""What a run found out before it declares the first resource: the whole evaluated environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kalypso.delivery import Changes, Proposal, Standing, examine
from kalypso.errors import Problem, SettingsError, SourceError
from kalypso.evaluation import Request, Run, evaluate
from kalypso.forge import WRITER, Place
from kalypso.git import (
    Entry,
    file_in,
    has_object,
    hold_tree,
    mask,
    missing_objects,
    paths_in,
    tree_id,
    tree_with,
    write_tree,
)
from kalypso.gitops import Plan, assignments_in, check_assignments, markings, plan
from kalypso.loading import ControlPlane
from kalypso.model import TRACKING, Evaluation, Pointer, Provenance, Repositories
from kalypso.stack.gitops_tree import BranchPlan, Manifests, keep_ref, plan_branch, staging_of
from kalypso.stack.memo import recall, remember
from kalypso.stack.rollback import check_promoted, check_rollback
from kalypso.stack.settings import Settings
from kalypso.stack.sources import GitOpsBranch, PlatformRepositories
from kalypso.stack.summary import Summary, summarise


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """An environment, evaluated and compared with its branch."""

    summary: Summary
    """What the model says, without the files."""
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
    objects: Path
    """The object store: a bare repository."""
    present_tree: str
    """Commit or tree of the branch as it is, in the object store."""
    changes: Changes
    """What delivering does to the branch, by path."""
    rollback: str
    """For reviewers: that main goes back to an older commit; empty if it does not."""
    repositories: Repositories
    """Reads sources, also at other commits."""
    read_present: Callable[[], Mapping[str, bytes]]
    """Reads all files of the branch as it is."""
    evaluated: Callable[[], Run]
    """Evaluates the model, unless that has been done."""

    @property
    def run(self) -> Run:
        """The evaluation with what its steps found on the way; made when it is asked for."""
        return self.evaluated()

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation, made when it is asked for."""
        return self.run.evaluation

    @property
    def provenance(self) -> Provenance | None:
        """What the model was made of; None if something of it is no commit."""
        return self.run.provenance

    @property
    def manifests(self) -> str:
        """The files as a tree, in the object store."""
        return self.summary.manifests

    @property
    def content(self) -> str:
        """The digest of the files."""
        return self.summary.content

    @cached_property
    def tree(self) -> str:
        """The whole branch when all is merged, as a tree in the object store."""
        new = {path: change.after for path, change in self.changes.items()}
        return tree_with(self.objects, self.present_tree, new)

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
    """Find out what a stack's environment should be. Writes only objects that no branch has.

    The model is evaluated, unless that was done before and nothing has changed since.

    Raises:
        Problems: Everything that is wrong with the model.
        KalypsoError: A repository cannot be read, or too much would be removed.
    """
    model = _Model(settings)
    repositories = model.repositories
    known = recall(settings) if settings.delivery == "pull-request" else None
    summary = known or model.summary()
    address, branch, destination = _gitops(summary, settings)
    staging = staging_of(destination, settings.access)
    present = repositories.gitops_branch(address, destination, branch, staging)
    planned = _plan_known(present, known)
    if planned is None:
        planned = _plan_written(present, model)
        summary = model.summary()
    hold_tree(present.folder, summary.manifests, keep_ref(settings.environment))
    if summary is not known:
        remember(settings, repositories.readings(), summary)
    _check_removals(present, planned, settings)
    standing = None
    if present.exists and settings.delivery == "pull-request":
        proposal = Proposal(
            environment=settings.environment,
            branch=branch,
            tree=summary.manifests,
            content=summary.content,
            planner=Manifests(staging).lacking,
        )
        standing = examine(destination.repository(settings.access, WRITER), proposal)
    settled = standing.settled if standing else not planned.changes
    if not settled:
        check_promoted(summary.bases, settings, repositories.exists)
    tracked = file_in(present.folder, present.tree, TRACKING) or b""
    rollback = check_rollback(summary, tracked, settings, settled=settled)
    name = f"{destination.full_name}@{branch}"
    return Schedule(
        summary=summary,
        destination=destination,
        branch=branch,
        parent=present.commit,
        warnings=(*summary.warnings, *planned.paths.warnings(name)),
        exists=present.exists,
        standing=standing,
        objects=present.folder,
        present_tree=present.tree,
        changes=planned.changes,
        rollback=rollback,
        repositories=repositories,
        read_present=lambda: repositories.snapshot(address, present.commit).files,
        evaluated=model.run,
    )


class _Model:
    """The model of a stack, evaluated at most once."""

    def __init__(self, settings: Settings) -> None:
        self.repositories = PlatformRepositories(settings)
        self._settings = settings
        self._run: Run | None = None
        self._summary: Summary | None = None

    def run(self) -> Run:
        if self._run is None:
            run = evaluate(request_for(self._settings, self.repositories))
            self._run = replace(run, evaluation=_marked(run.evaluation, self._settings))
        return self._run

    def files(self) -> dict[str, bytes]:
        files = self.run().evaluation.files
        return {path: text.encode() for path, text in files.items()}

    def summary(self) -> Summary:
        if self._summary is None:
            self._summary = summarise(self.run().evaluation, tree_id(self.files()))
        return self._summary


def _plan_known(present: GitOpsBranch, known: Summary | None) -> BranchPlan | None:
    """Plan with manifests that an earlier run wrote; None if they are not whole any more."""
    if known is None or not has_object(present.folder, known.manifests):
        return None
    try:
        planned = plan_branch(present.folder, present.tree, known.manifests)
    except SourceError:  # pruned in part, or the branch is damaged, which writing will tell
        return None
    wanted = (change.after for change in planned.changes.values())
    stored = [each.object_id for each in wanted if isinstance(each, Entry)]
    return None if missing_objects(present.folder, stored) else planned


def _plan_written(present: GitOpsBranch, model: _Model) -> BranchPlan:
    write_tree(present.folder, model.files())
    return plan_branch(present.folder, present.tree, model.summary().manifests)


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


def _gitops(summary: Summary, settings: Settings) -> tuple[str, str, Place]:
    """Return address and branch of the GitOps repository of the model, and where that is."""
    found = summary.gitops
    if found is None:
        raise SettingsError(
            f"the environment {settings.environment!r} has no GitOpsRepo",
            hint="add a gitops-repo.yaml to its branch of the control plane",
            code="no-gitops-repo",
        )
    address, branch = found.repo, found.branch or settings.environment
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
