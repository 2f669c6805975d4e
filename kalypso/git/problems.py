"""What can be wrong with a repository, in our words."""

from __future__ import annotations

from kalypso.errors import Position, SourceError
from kalypso.git.address import is_commit, mask
from kalypso.git.run import GitFailed


def place(repository: str, ref: str) -> Position:
    """Return how messages name a branch of a repository."""
    return Position(f"{mask(repository)}@{ref}")


def unreadable(error: GitFailed, at: Position, hint: str = "") -> SourceError:
    """Say that git could not read a repository."""
    return SourceError(
        f"the repository cannot be read: {error.problem.message}",
        at,
        hint or "check it with `git fsck`; a damaged copy is best cloned again",
        code="unreadable-repository",
    )


def no_branch(repository: str, ref: str, at: Position, *, empty: bool) -> SourceError:
    """Say that a repository lacks a branch or commit, or everything."""
    what = "commit" if is_commit(ref) else "branch"
    if empty:
        return SourceError(
            f"the repository {mask(repository)} is empty",
            at,
            f"push a first commit to the {what} {ref}",
            code="empty-repository",
        )
    return SourceError(
        f"the repository {mask(repository)} has no {what} {ref}",
        at,
        "see `git branch --all` there; names are case-sensitive",
        code="no-branch",
    )
