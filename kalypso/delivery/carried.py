"""Which environment a branch carries, as the newest commit of Kalypso's on it says."""

from __future__ import annotations

from contextlib import suppress

from kalypso.delivery.marker import TRAILER
from kalypso.errors import DeliveryError, Position, SourceError
from kalypso.forge import Repository
from kalypso.git import Commit

_MOST = 20
"""Commits of people that are looked past: on a server, each may have to be fetched."""


def carried_environment(repository: Repository, head: Commit) -> str:
    """Return the environment whose manifests a branch holds.

    Args:
        repository: The GitOps repository.
        head: The newest commit of the branch.

    Returns:
        Its name; empty where no commit nearby says it.
    """
    commit = head
    with suppress(SourceError):  # the rest of the history does not exist
        for _ in range(_MOST):
            if named := _named_by(repository, commit):
                return named
            if not commit.parents:
                break
            commit = repository.commit(commit.parents[0])
    return ""


def _named_by(repository: Repository, commit: Commit) -> str:
    """Return what a commit says, or a merge's commit that was merged."""
    named = commit.trailers.get(TRAILER, "")
    if named or len(commit.parents) < len(("before", "merged")):
        return named
    return repository.commit(commit.parents[1]).trailers.get(TRAILER, "")


def refuse_other_environment(carried: str, environment: str, branch: str, allowed: str) -> None:
    """Refuse to deliver an environment to a branch that carries another one.

    Args:
        carried: The environment whose manifests the branch holds; empty if nobody knows.
        environment: What would be delivered.
        branch: How messages name the branch.
        allowed: The environment whose branch may be taken over.

    Raises:
        DeliveryError: The branch carries another environment.
    """
    if carried in ("", environment, allowed):
        return
    raise DeliveryError(
        f"this branch carries the manifests of {carried!r}; delivering {environment!r} would"
        " replace them",
        Position(branch),
        f"correct the branch in the GitOpsRepo of {environment!r}; if the branch is meant to move,"
        f" set limits.takeOver to {carried}",
        code="other-environment",
    )
