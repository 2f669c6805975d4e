"""What became of a pull request of the local forge, and what merging it would bring."""

from __future__ import annotations

from pathlib import Path

from kalypso.errors import DeliveryError, Position
from kalypso.forge.interface import PullRequest, State
from kalypso.git import (
    Commit,
    Content,
    changes_between,
    is_ancestor,
    merge_base,
    read_commit,
    resolve,
)


def state_of(
    repository: Path, opened_on: str, base: str | None, recorded: str, live: str | None
) -> State:
    """Return what became of an open pull request by plain git: merged, or its head removed.

    Args:
        repository: That has it.
        opened_on: Commit of the base branch when it was opened.
        base: Commit of the base branch now; None if that is gone.
        recorded: Commit of its head when it was last written; may be empty.
        live: Commit of the head branch now; None if that is gone.
    """
    if base and base != opened_on:  # else nothing was merged since then
        for commit in {*filter(None, (recorded, live))}:
            old = is_ancestor(repository, commit, opened_on)
            if not old and is_ancestor(repository, commit, base):
                return "merged"
    return "open" if live else "closed"


def fork_point(repository: Path, pull: PullRequest, opened_on: str) -> str:
    """Return the commit from which base and head went their ways.

    Raises:
        DeliveryError: The two commits share no history.
    """
    base = pull.base
    if pull.merge_commit:
        first = read_commit(repository, pull.merge_commit).parents[0]
    else:
        first = resolve(str(repository), branch_ref(base)) or ""
    found = first and merge_base(repository, first, pull.head_commit)
    if found == pull.head_commit:  # merged by plain git: what it was opened on is left
        found = opened_on
    if not found:
        raise impossible(
            repository,
            f"{pull.head} and {base} share no history",
            "rebase one on the other",
            code="unrelated",
        )
    return found


def changes_to_merge(
    repository: Path, pull: PullRequest, base: Commit, opened_on: str
) -> dict[str, Content]:
    """Return what the head brings to the base.

    Raises:
        DeliveryError: A file was changed on both sides, or they share no history.
    """
    fork = fork_point(repository, pull, opened_on)
    brought = changes_between(repository, fork, pull.head_commit)
    meanwhile = changes_between(repository, fork, base.commit)
    clashes = [p for p, new in brought.items() if meanwhile.get(p, new) != new]
    if clashes:
        raise impossible(
            repository,
            f"{pull.base} and {pull.head} both changed {', '.join(clashes[:5])}",
            f"run `pulumi up -s {pull.base}`, which brings the pull request up to date",
            code="conflict",
        )
    return brought


def impossible(repository: Path, message: str, hint: str, *, code: str) -> DeliveryError:
    """Return the error that something makes no sense in a repository."""
    return DeliveryError(message, Position(str(repository)), hint, code=code)


def branch_ref(name: str) -> str:
    """Return the whole name of a branch."""
    return f"refs/heads/{name}"
