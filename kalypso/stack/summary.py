"""What a run needs of an evaluation once its files are in the object store: small at any size."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from kalypso.delivery import content_digest
from kalypso.errors import Position, Problem
from kalypso.model import Assignment, BaseRepo, Evaluation, Pointer

MOST_ASSIGNMENTS = 200
"""Above this many, assignments are known by their number only: the engine rewrites its state for
each of them."""

_LISTED = 50
"""Assignments that the stack's outputs list; `kalypso get assignments` lists any number."""


class ClusterTypeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster type, and how much runs on it."""

    name: str
    labels: Mapping[str, str]
    assignments: int


class AssignmentSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Who runs where, and why."""

    cluster_type: str
    target: str
    folder: str
    policies: tuple[str, ...]
    workspace: str


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """A repository that templates and registrations were read from."""

    pointer: Pointer
    commit_at: Position
    """Where its commit is written down."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluated environment without its files."""

    manifests: str
    """The files as a tree of git."""
    content: str
    """The digest of the files."""
    files: int
    gitops: Pointer | None
    """Where the model wants its files."""
    promoted_commit: str
    bases: tuple[Base, ...]
    cluster_types: tuple[ClusterTypeSummary, ...]
    """In the order of the model."""
    assignments: tuple[AssignmentSummary, ...]
    """Sorted by cluster type, then target; empty above `MOST_ASSIGNMENTS`."""
    warnings: tuple[Problem, ...]

    @property
    def totals(self) -> Mapping[str, int]:
        """How much of everything there is."""
        return {
            "files": self.files,
            "assignments": sum(each.assignments for each in self.cluster_types),
            "clusterTypes": len(self.cluster_types),
        }


def summarise(evaluation: Evaluation, manifests: str) -> Summary:
    """Return what a run needs of an evaluation.

    Args:
        evaluation: The whole one.
        manifests: Its files as a tree of git.
    """
    numbers = Counter(each.cluster_type.name for each in evaluation.assignments)
    platform, few = evaluation.platform, len(evaluation.assignments) <= MOST_ASSIGNMENTS
    return Summary(
        manifests=manifests,
        content=content_digest(evaluation.files),
        files=len(evaluation.files),
        gitops=platform.gitops_repo.pointer if platform.gitops_repo else None,
        promoted_commit=evaluation.promoted_commit,
        bases=tuple(map(_base, platform.base_repos)),
        cluster_types=tuple(
            ClusterTypeSummary(name=each.name, labels=each.labels, assignments=numbers[each.name])
            for each in evaluation.cluster_types
        ),
        assignments=tuple(map(_assignment, evaluation.assignments)) if few else (),
        warnings=evaluation.warnings,
    )


def _base(base: BaseRepo) -> Base:
    origin = base.origin
    at = origin.at("spec", "commit") if origin.text else Position(origin.file)
    return Base(pointer=base.pointer, commit_at=at)


def _assignment(assignment: Assignment) -> AssignmentSummary:
    return AssignmentSummary(
        cluster_type=assignment.cluster_type.name,
        target=assignment.target.name,
        folder=assignment.folder,
        policies=tuple(policy.name for policy in assignment.policies),
        workspace=assignment.target.workspace,
    )


def listed_assignments(summary: Summary) -> Mapping[str, Mapping[str, str] | int]:
    """Return the targets on each cluster type, each with the policies that say so.

    How many, if the whole would be too long to read. They are a map, since a preview shows what
    comes into the middle of a list as a change of all that follows.
    """
    if summary.totals["assignments"] > _LISTED:
        return {kind.name: kind.assignments for kind in summary.cluster_types}
    found: dict[str, dict[str, str]] = {kind.name: {} for kind in summary.cluster_types}
    for each in summary.assignments:
        found[each.cluster_type][each.target] = ", ".join(each.policies)
    return found
