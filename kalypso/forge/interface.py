"""What one repository of a forge can do: branches, commits, pull requests, their review, issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import msgspec

from kalypso.git import Commit, Content, Snapshot

State = Literal["open", "closed", "merged"]
Found = TypeVar("Found")


class PullRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to bring one branch into another, and what became of it."""

    number: int
    """Counted from 1 in each repository, never used twice."""
    title: str
    body: str
    base: str
    """Branch that shall receive the change."""
    head: str
    """Branch that holds the change."""
    head_commit: str
    """Where the head is; for one that is no longer open, where it was then."""
    state: State
    labels: tuple[str, ...] = ()
    created: str = ""
    """When it was opened, as ISO 8601 in UTC."""
    merge_commit: str = ""


class PullFacts(msgspec.Struct, frozen=True):
    """What a reviewer asks of a pull request before reading it."""

    author: str
    """Who opened it, or who wrote its last commit."""
    files: int
    """How many files it changes."""


HeadRule = Callable[[PullRequest], bool]
"""Returns whether the head branch of a pull request may be removed when it is merged."""


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue of a repository."""

    number: int
    title: str
    body: str
    state: Literal["open", "closed"]
    created: str = ""
    """When it was opened, as ISO 8601 in UTC."""


class CommitStatus(msgspec.Struct, frozen=True):
    """One status, as forges show it beside a commit."""

    context: str
    state: Literal["pending", "success", "failure"]
    description: str
    """At most 140 characters."""


class Repository(Protocol):
    """The branches of one repository, and the pull requests that a program opens there.

    Every method raises `SourceError` if the repository cannot be read, and
    `DeliveryError` if it cannot be written or the request makes no sense.
    """

    @property
    def name(self) -> str:
        """How messages name the repository."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs of this machine out, where the forge can."""
        ...

    def snapshot(self, ref: str) -> Snapshot:
        """Read a branch or commit; missing is an error."""
        ...

    def reading(self, commit: str, read: Callable[[Path], Found]) -> Found:
        """Read from the object store that has a commit with all its files.

        Trees that a run writes there are found by a later run of the same machine.

        Args:
            commit: The commit; missing is an error.
            read: Takes the folder of a bare repository; called a second time after damage.
        """
        ...

    def head(self, branch: str) -> Commit | None:
        """Return the commit at the head of a branch; None if there is no such branch."""
        ...

    def commit(self, commit: str) -> Commit:
        """Read a commit by its id; missing is an error."""
        ...

    def pull_requests(self, head: str) -> tuple[PullRequest, ...]:
        """Return the pull requests from a branch of this repository, newest first."""
        ...

    def write_commit(
        self,
        parent: Commit,
        changes: Mapping[str, Content],
        message: str,
        known: Commit | None = None,
    ) -> str:
        """Write a commit on top of another one; no branch points at it yet.

        Its date is that of its parent, so that the same change has the same id; where it
        is signed, a known commit that says the same is taken in its place.
        """
        ...

    def move_branch(self, branch: str, *, old: str | None, new: str | None) -> None:
        """Move, make (no old) or remove (no new) a branch, if it still is where it was seen.

        Raises:
            RefMoved: The branch is no longer at ``old``.
        """
        ...

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest:
        """Open a pull request."""
        ...

    def edit(self, number: int, *, title: str, body: str, labels: Sequence[str]) -> None:
        """Replace the texts and labels of a pull request."""
        ...

    def close(self, number: int) -> None:
        """Close a pull request without merging it."""
        ...


class Review(Protocol):
    """What people do with the pull requests of one repository.

    Every method raises `SourceError` if the repository cannot be read, and
    `DeliveryError` if it cannot be written or the request makes no sense.
    """

    @property
    def name(self) -> str:
        """How messages name the repository."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs of this machine out, where the forge can."""
        ...

    def waiting(self) -> tuple[PullRequest, ...]:
        """Return the pull requests that are open, newest first."""
        ...

    def pull_requests(self) -> tuple[PullRequest, ...]:
        """Return all pull requests, newest first."""
        ...

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request."""
        ...

    def diff(self, number: int) -> str:
        """Return what a pull request changes, line by line."""
        ...

    def merge(self, number: int, removable: HeadRule) -> PullRequest:
        """Merge into the base, and remove the head branch if it may go.

        Args:
            number: Of the pull request.
            removable: Whether its head may go; the local forge removes every merged one.

        Raises:
            RefMoved: One of the branches moved meanwhile.
        """
        ...

    def facts(self, number: int) -> PullFacts:
        """Return what a list of pull requests shows of each besides its texts."""
        ...

    def close(self, number: int) -> None:
        """Close without merging; the head branch stays."""
        ...

    def reopen(self, number: int) -> PullRequest:
        """Open a closed pull request again; a head branch that is gone is made again."""
        ...


class Issues(Protocol):
    """The issues of one repository.

    Every method raises `SourceError` if the repository cannot be read, and
    `DeliveryError` if it cannot be written.
    """

    def issue_lock(self) -> AbstractContextManager[None]:
        """Keep other runs of this machine out, where the forge can."""
        ...

    def open_issues(self) -> tuple[Issue, ...]:
        """Return all issues that are open, also those of people; oldest first."""
        ...

    def all_issues(self) -> tuple[Issue, ...]:
        """Return those that are open, and at least Kalypso's that are closed; oldest first."""
        ...

    def issue(self, number: int) -> Issue:
        """Return one issue; none of this number is a `DeliveryError`."""
        ...

    def open_issue(self, *, title: str, body: str) -> Issue:
        """Open an issue."""
        ...

    def edit_issue(self, number: int, *, title: str, body: str) -> None:
        """Replace the texts of an issue."""
        ...

    def close_issue(self, number: int) -> None:
        """Close an issue as done."""
        ...


class Statuses(Protocol):
    """What a forge shows beside the commits of one repository, and who let runs go on.

    Every method raises `SourceError` if the repository cannot be read, and
    `DeliveryError` if it cannot be written.
    """

    def statuses(self, commit: str) -> Sequence[Mapping[str, object]]:
        """Return the statuses of a commit, newest first, in the shape of GitHub's answers."""
        ...

    def post(self, commit: str, status: CommitStatus) -> None:
        """Put a status on a commit."""
        ...

    def approvers(self, run: str, environment: str) -> tuple[str, ...]:
        """Return who approved that a run of a workflow goes on to an environment."""
        ...
