"""What can be wrong with a repository, in our words."""

from __future__ import annotations

import re

from kalypso.errors import Position, SourceError
from kalypso.git.address import is_commit, mask
from kalypso.git.run import GitFailed

_SHALLOW = (
    "this clone is shallow and lacks older commits: `git fetch --unshallow` in it, or in a CI job"
    " check out with fetch-depth: 0"
)
_ABSENT = "push it there, or fetch it; `git log --all` shows the commits that are there"
_ONE_BRANCH = (
    "this clone is shallow and may lack the branch: clone it with --no-single-branch, or in a CI"
    " job check out with fetch-depth: 0"
)
_PART_OF_COMMIT = re.compile(r"(?=.*[0-9])[0-9A-Fa-f]{7,39}")


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


def no_branch(
    repository: str, ref: str, at: Position, *, empty: bool, shallow: bool = False
) -> SourceError:
    """Say that a repository lacks a branch or commit, or everything.

    Args:
        repository: Folder or address.
        ref: Branch or commit.
        at: What the message is about.
        empty: Whether it holds no commit at all.
        shallow: Whether it is a clone that lacks older commits, and maybe branches.
    """
    what = "commit" if is_commit(ref) else "branch"
    if empty:
        return SourceError(
            f"the repository {mask(repository)} is empty",
            at,
            f"push a first commit to the {what} {ref}",
            code="empty-repository",
        )
    hint = _SHALLOW if shallow else _ABSENT
    if not is_commit(ref):
        hint = _ONE_BRANCH if shallow else "see `git branch --all` there; names are case-sensitive"
        if _PART_OF_COMMIT.fullmatch(ref):
            hint = f"if it is a commit, write all of it, as `git rev-parse {ref}` prints it"
    return SourceError(
        f"the repository {mask(repository)} has no {what} {ref}", at, hint, code="no-branch"
    )
