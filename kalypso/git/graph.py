"""Histories wherever a repository is: who is whose ancestor, and which commits a branch got.

Of a repository of another machine only the commits are fetched, without any file, and only
those that are not here yet.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kalypso.errors import SourceError
from kalypso.git import history
from kalypso.git.address import expanded, git_folder, is_remote
from kalypso.git.cache import Clone
from kalypso.git.layout import is_shallow
from kalypso.git.log import commits_since
from kalypso.git.problems import no_branch, place
from kalypso.git.refs import resolve
from kalypso.git.remote import Access
from kalypso.model import LoggedCommit

_Result = TypeVar("_Result")


class History:
    """The commits of one repository: a folder, or an address.

    Every method raises `SourceError` if the repository cannot be read or lacks a commit.
    """

    def __init__(self, repository: str, access: Access | None = None) -> None:
        """Name the repository; nothing is asked yet."""
        self._repository = repository
        self._clone = Clone(repository, access or Access()) if is_remote(repository) else None

    @property
    def complete(self) -> bool:
        """Whether all commits can be had: not from a folder that was cloned without them."""
        folder = git_folder(self._repository)
        return self._clone is not None or (folder is not None and not is_shallow(folder))

    def on_branch(self, commit: str, branch: str) -> bool:
        """Return whether a branch, as it is now, holds a commit."""
        if self._clone:
            head: str | None = self._clone.remote.resolve(branch)
        else:
            head = resolve(self._repository, branch)
        if head is None:
            return False
        try:
            return self.is_ancestor(commit, head)
        except SourceError as error:
            if error.problem.code == "no-branch":  # no branch leads to it any more
                return False
            raise

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Return whether a commit is another one or lies in its history."""
        return self._read((newer, older), lambda folder: history.is_ancestor(folder, older, newer))

    def since(self, old: str, new: str, most: int) -> tuple[LoggedCommit, ...]:
        """Return the commits that a branch got, newest first; see `commits_since`."""
        if self._clone and not old:
            folder = self._clone.trees(new)  # one commit is enough
            return commits_since(folder, old, new, most)
        wanted = (new, old) if old else (new,)
        return self._read(wanted, lambda folder: commits_since(folder, old, new, most))

    def first_parents(self, commit: str, most: int) -> tuple[str, ...]:
        """Return a commit and what the branch was before, newest first; merged ones left out."""
        return self._read((commit,), lambda folder: history.first_parents(folder, commit, most))

    def seconds(self, commit: str) -> int:
        """Return when a commit was committed, in seconds since 1970."""
        return self._read((commit,), lambda folder: history.read_commit(folder, commit).seconds)

    def _read(self, wanted: tuple[str, ...], read: Callable[[Path], _Result]) -> _Result:
        clone = self._clone
        if clone:
            return clone.reading(lambda: read(clone.commits(*wanted)))
        for commit in wanted:
            if resolve(self._repository, commit) is None:
                at = place(self._repository, commit)
                raise no_branch(self._repository, commit, at, empty=False)
        return read(expanded(Path(self._repository)))
