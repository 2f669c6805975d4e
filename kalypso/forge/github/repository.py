"""One repository on GitHub as a forge: commits by git, everything else by REST.

Commits are made in a cached bare clone and pushed, so a change may have any size. A
branch is moved only from where it was seen; the server checks that, so runs on different
machines cannot overwrite each other unseen. Runs of one machine also wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from kalypso.forge.author import WRITER
from kalypso.forge.github.client import GitHubClient
from kalypso.forge.github.place import GitHubPlace
from kalypso.forge.github.pulls import GitHubPulls
from kalypso.forge.interface import Found, PullRequest
from kalypso.git import (
    NO_COMMIT,
    Access,
    Clone,
    Commit,
    Content,
    RefUpdate,
    Snapshot,
    Writer,
    read_clone,
    read_commit,
    sign_commit,
    write_commit,
)


class GitHubRepository:
    """One repository on GitHub, or on a GitHub Enterprise Server."""

    def __init__(self, place: GitHubPlace, access: Access, *, writer: Writer = WRITER) -> None:
        """Name the repository; nothing is asked yet.

        Args:
            place: The repository.
            access: Token, patience, and folder of the cache.
            writer: Whose name is in the commits that are written here.

        Raises:
            DeliveryError: There is no token for the repository.
        """
        self._place, self._writer = place, writer
        self._clone = Clone(place.address, access)
        self._pulls = GitHubPulls(place, GitHubClient(place, access))

    @property
    def name(self) -> str:
        """Owner and name."""
        return str(self._place)

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs of this machine out."""
        return self._clone.lock()

    def snapshot(self, ref: str) -> Snapshot:
        """Read a branch or commit."""
        return read_clone(self._clone, self._clone.remote.resolve(ref))

    def reading(self, commit: str, read: Callable[[Path], Found]) -> Found:
        """Read from the clone, fetching the commit if that has not been done."""
        return self._clone.reading(lambda: read(self._clone.whole(commit)))

    def head(self, branch: str) -> Commit | None:
        """Return the commit at the head of a branch, as the server has it now."""
        commit = self._clone.remote.refs(_branch(branch)).get(_branch(branch))
        if commit is None:
            return None
        return self.commit(commit)

    def commit(self, commit: str) -> Commit:
        """Read a commit by its id, fetching it if that has not been done."""
        return self._clone.reading(lambda: read_commit(self._clone.whole(commit), commit))

    def pull_requests(self, head: str) -> tuple[PullRequest, ...]:
        """Return the pull requests from a branch of this repository, newest first."""
        return self._pulls.from_branch(head)

    def write_commit(
        self,
        parent: Commit,
        changes: Mapping[str, Content],
        message: str,
        known: Commit | None = None,
    ) -> str:
        """Write a commit into the clone; it is pushed when a branch moves to it."""
        folder = self._clone.whole(parent.commit)
        commit = write_commit(
            folder,
            parents=[parent.commit],
            changes=changes,
            message=message,
            signature=self._writer.at(parent.seconds),
        )
        if not self._writer.signs:
            return commit
        return sign_commit(folder, commit, known.commit if known else "")

    def move_branch(self, branch: str, *, old: str | None, new: str | None) -> None:
        """Push, make or remove a branch, if the server still has it where it was seen."""
        update = RefUpdate(_branch(branch), old or NO_COMMIT, new or NO_COMMIT)
        self._clone.push(update)

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest:
        """Open a pull request; if one is open from this head already, take that."""
        return self._pulls.create(base=base, head=head, title=title, body=body, labels=labels)

    def edit(self, number: int, *, title: str, body: str, labels: Sequence[str]) -> None:
        """Replace texts and labels of a pull request that was listed, where they differ."""
        self._pulls.edit(number, title=title, body=body, labels=labels)

    def close(self, number: int) -> None:
        """Close without merging; the head branch stays."""
        self._pulls.close(number)


def _branch(name: str) -> str:
    return f"refs/heads/{name}"
