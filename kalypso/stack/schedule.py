"""What a run found out before it declares the first resource: the whole evaluated environment."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import msgspec

from kalypso.delivery import (
    Changes,
    Proposal,
    Standing,
    carried_environment,
    examine,
    refuse_other_environment,
)
from kalypso.errors import Problem, SourceError
from kalypso.evaluation import Outline, Run
from kalypso.forge import WRITER, Place
from kalypso.git import (
    Entry,
    file_in,
    has_object,
    hold_tree,
    missing_objects,
    paths_in,
    tree_of,
    tree_with,
)
from kalypso.gitops import (
    Plan,
    assignments_in,
    check_assignments,
    foreign_folder,
    plan,
)
from kalypso.model import TRACKING, Evaluation, HeldSource, Repositories
from kalypso.stack.destination import destination_of
from kalypso.stack.gitops_tree import BranchPlan, Manifests, keep_ref, plan_branch, staging_of
from kalypso.stack.holding import held_warnings
from kalypso.stack.memo import Known, Outlook, recall, remember
from kalypso.stack.rollback import check_promoted, check_rollback
from kalypso.stack.settings import Settings
from kalypso.stack.sources import GitOpsBranch
from kalypso.stack.stack_model import StackModel
from kalypso.stack.summary import Summary


class Schedule(msgspec.Struct, frozen=True, kw_only=True, dict=True):
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
    tree: str
    """The whole branch when all is merged, as a tree in the object store."""
    rollback: str
    """For reviewers: that main goes back to an older commit; empty if it does not."""
    repositories: Repositories
    """Reads sources, also at other commits."""
    read_present: Callable[[], Mapping[str, bytes]]
    """Reads all files of the branch as it is."""
    evaluated: Callable[[], Run]
    """Evaluates the model, unless that has been done."""
    outlined: Callable[[], Outline]
    """Evaluates it without its manifests, unless it has been evaluated whole."""
    planned_before: BranchPlan | None
    """What changes, if that has been worked out."""
    held: tuple[HeldSource, ...] = ()
    """Application sources that are not taken as they are now."""

    @property
    def run(self) -> Run:
        """The evaluation with what its steps found on the way; made when it is asked for."""
        return self.evaluated()

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation, made when it is asked for."""
        return self.run.evaluation

    @property
    def outline(self) -> Outline:
        """The evaluation without its manifests, made when it is asked for."""
        return self.outlined()

    @property
    def manifests(self) -> str:
        """The files as a tree, in the object store."""
        return self.summary.manifests

    @property
    def content(self) -> str:
        """The digest of the files."""
        return self.summary.content

    @cached_property
    def changes(self) -> Changes:
        """What delivering does to the branch, by path; worked out when it is asked for."""
        known = self.planned_before
        known = known or plan_branch(self.objects, self.present_tree, self.manifests)
        return known.changes

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
        Problems: The model is wrong: all its problems.
        KalypsoError: A repository cannot be read, or too much would be removed.
    """
    model = StackModel(settings)
    repositories = model.repositories
    known = recall(settings) if settings.delivery == "pull-request" else None
    pointer = known.summary.gitops if known else model.gitops
    found = destination_of(pointer, settings)
    address, branch, destination = found.address, found.branch, found.place
    staging = staging_of(destination, settings.access)
    present = repositories.gitops_branch(address, destination, branch, staging)
    carried = ""
    if present.exists:
        reader = destination.repository(settings.access, WRITER)
        carried = carried_environment(reader, reader.commit(present.commit))
        name = f"{destination.full_name}@{branch}"
        refuse_other_environment(carried, settings.environment, name, settings.limits.take_over)
    outlook, planned = _known_outlook(present, known), None
    if known and outlook:
        summary = known.summary
    else:
        still = known and has_object(present.folder, known.summary.manifests)
        summary = known.summary if known and still else model.write(present.folder)
        planned = _plan(present, summary, model)
        _check_removals(present, planned, settings, carried or settings.environment)
        outlook = _outlook(present, planned)
        readings = known.readings if known and still else model.readings()
        if not model.held:  # what is held is tried again by each run
            remember(settings, Known(readings, summary, outlook))
    hold_tree(present.folder, summary.manifests, keep_ref(settings.environment))
    standing = None
    if present.exists and settings.delivery == "pull-request":
        proposal = Proposal(
            environment=settings.environment,
            branch=branch,
            tree=summary.manifests,
            content=summary.content,
            planner=Manifests(staging).lacking,
            parent=present.commit,
            whole=outlook.whole,
        )
        standing = examine(destination.repository(settings.access, WRITER), proposal)
    settled = standing.settled if standing else outlook.whole == outlook.present
    if not settled:
        planned = planned or _plan(present, summary, model)
        check_promoted(summary.bases, settings, repositories.exists)
    tracked = file_in(present.folder, present.tree, TRACKING) or b""
    rollback = check_rollback(summary, tracked, settings, settled=settled)
    name = f"{destination.full_name}@{branch}"
    return Schedule(
        summary=summary,
        destination=destination,
        branch=branch,
        parent=present.commit,
        warnings=(
            *summary.warnings,
            *(foreign_folder(each, name) for each in outlook.foreign),
            *held_warnings(model.held),
        ),
        exists=present.exists,
        standing=standing,
        objects=present.folder,
        present_tree=present.tree,
        tree=outlook.whole,
        rollback=rollback,
        repositories=repositories,
        read_present=lambda: repositories.snapshot(address, present.commit).files,
        evaluated=model.run,
        outlined=model.outline,
        planned_before=planned,
        held=model.held,
    )


def _known_outlook(present: GitOpsBranch, known: Known | None) -> Outlook | None:
    """Return what an earlier run found out about the same branch; None if that is not enough."""
    if known is None or not has_object(present.folder, known.summary.manifests):
        return None
    return known.outlook_on(tree_of(present.folder, present.tree))


def _plan(present: GitOpsBranch, summary: Summary, model: StackModel) -> BranchPlan:
    """Work out what changes; where `git gc` has removed what is needed, it is written again.

    Raises:
        SourceError: The branch is damaged.
    """
    with suppress(SourceError):
        planned = plan_branch(present.folder, present.tree, summary.manifests)
        wanted = (change.after for change in planned.changes.values())
        stored = [each.object_id for each in wanted if isinstance(each, Entry)]
        if not missing_objects(present.folder, stored):
            return planned
    model.write(present.folder, again=True)
    return plan_branch(present.folder, present.tree, summary.manifests)


def _outlook(present: GitOpsBranch, planned: BranchPlan) -> Outlook:
    new = {path: change.after for path, change in planned.changes.items()}
    return Outlook(
        present=tree_of(present.folder, present.tree),
        whole=tree_with(present.folder, present.tree, new),
        foreign=planned.paths.foreign,
    )


def _check_removals(
    present: GitOpsBranch, planned: BranchPlan, settings: Settings, loser: str
) -> None:
    """Refuse to remove too many assignments; names of files are read only if some file goes.

    Args:
        present: The branch as it is.
        planned: What changes.
        settings: How much may go.
        loser: The environment whose assignments the branch holds.

    Raises:
        DeliveryError: The run would remove too many.
    """
    if planned.paths.removed:
        paths = paths_in(present.folder, present.tree)
        after = (set(paths) - set(planned.paths.removed)) | set(planned.paths.written)
        before = assignments_in(paths)
        check_assignments(before, assignments_in(after), settings.limits.of_removals, loser)
