"""Commits of the GitOps branch beside those of main: which carries which, and who is before whom.

A promotion is a commit of main. What clusters see is a commit of the environment's branch. The
tracking file on that branch leads from the one to the other, whether the pull request was merged,
squashed or rebased.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from kalypso.errors import SourceError
from kalypso.git import Access, History, Snapshot, is_commit, read_tree, resolve
from kalypso.model import TRACKING
from kalypso.promotion.ancestry import Ancestry, Known, Promoted, Relation
from kalypso.promotion.delivered import delivered_by

_FOLDER, _, _FILE = TRACKING.rpartition("/")
_MOST = 200
"""Commits of the branch that are looked through for a promotion."""
_NOT_THERE = frozenset({"no-branch", "no-folder", "empty-repository"})


class Branch:
    """An environment's branch of the GitOps repository, and main of the control plane.

    Methods raise `SourceError` if a repository cannot be read, except `ancestry`, which says so.
    """

    def __init__(
        self, gitops: str, name: str, control_plane: str, access: Access | None = None
    ) -> None:
        """Name the repositories; nothing is asked yet.

        Args:
            gitops: The GitOps repository: an address, or a folder.
            name: Of the branch.
            control_plane: The repository that has main.
            access: How other machines are reached.
        """
        self.gitops, self.name = gitops, name
        self._access = access
        self._branch, self._main = History(gitops, access), History(control_plane, access)
        self._files: dict[str, Snapshot] = {}
        self._promoted: dict[str, str] = {}

    @cached_property
    def tip(self) -> str:
        """Where the branch is; empty if there is none. It is asked once."""
        return resolve(self.gitops, self.name, self._access) or ""

    def files(self, commit: str) -> Snapshot:
        """Return the files of a commit; they are read once."""
        if commit not in self._files:
            self._files[commit] = read_tree(self.gitops, commit, access=self._access)
        return self._files[commit]

    def promoted(self, commit: str) -> str:
        """Return the commit of main that a commit of the branch carries; empty if it names none."""
        if commit not in self._promoted:
            self._promoted[commit] = self._tracked(commit)
        return self._promoted[commit]

    def _tracked(self, commit: str) -> str:
        if commit in self._files:
            content = self._files[commit].files.get(TRACKING, b"")
        else:
            try:
                files = read_tree(self.gitops, commit, _FOLDER, self._access).files
            except SourceError as error:
                if error.problem.code == "no-folder":
                    return ""
                raise
            content = files.get(_FILE, b"")
        found = content.decode(errors="replace").strip()
        return found if is_commit(found) else ""

    def written(self, commit: str) -> int:
        """Return when a commit was written, in seconds since 1970: a merge is written then."""
        return self._branch.seconds(commit)

    def has(self, commit: str) -> bool:
        """Return whether the branch, as it is now, holds a commit."""
        return bool(self.tip) and self._branch.on_branch(commit, self.name)

    def carrying(self, promoted: str) -> str | None:
        """Return the commit that brought a commit of main to the branch; None if none did.

        It is the first of the last ones that carry it: what was changed afterwards, without
        promoting anything, contains it.
        """
        found = None
        for commit in self._branch.first_parents(self.tip, _MOST) if self.tip else ():
            if self.promoted(commit) == promoted:
                found = commit
            elif found:
                break
        return found

    def ancestry(
        self, awaited: str, promoted: str, seen: Iterable[str], applied: Iterable[str]
    ) -> Ancestry:
        """Return what git knows of commits.

        Args:
            awaited: Of the branch.
            promoted: Of main: what that brought.
            seen: Commits that clusters name.
            applied: Those of them that clusters have applied; what these deliver is read.
        """
        try:
            if not self._branch.complete:
                return Ancestry(problem=f"{self.gitops} is a shallow clone; fetch its history")
            if not self.tip:
                return Ancestry()
            deliver = set(applied)
            wanted = {awaited, self.tip, *seen, *deliver}
            known = {
                commit: self._known(commit, awaited, promoted, read=commit in deliver)
                for commit in sorted(wanted)
            }
        except SourceError as error:
            return Ancestry(problem=error.problem.message)
        return Ancestry(tip=self.tip, known=known)

    def _known(self, commit: str, awaited: str, promoted: str, *, read: bool) -> Known:
        nothing = Known(relation="unknown", on_branch=False, promoted="unknown")
        if not is_commit(commit):
            return nothing
        try:
            relation = self._relation(commit, awaited)
            carried = self.promoted(commit)
            files = self.files(commit).files if read else None
        except SourceError as error:
            if error.problem.code in _NOT_THERE:
                return nothing
            raise
        return Known(
            relation=relation,
            on_branch=self._branch.is_ancestor(commit, self.tip),
            promoted=self._order(carried, promoted),
            delivers=None if files is None else delivered_by(files, f"{self.name}@{commit[:10]}"),
        )

    def _relation(self, commit: str, awaited: str) -> Relation:
        if commit == awaited:
            return "same"
        if self._branch.is_ancestor(awaited, commit):
            return "after"
        return "before" if self._branch.is_ancestor(commit, awaited) else "apart"

    def _order(self, carried: str, promoted: str) -> Promoted:
        if carried == promoted:
            return "same"
        if not carried:
            return "unknown"
        try:
            if self._main.is_ancestor(promoted, carried):
                return "newer"
            return "older" if self._main.is_ancestor(carried, promoted) else "unknown"
        except SourceError as error:
            if error.problem.code in _NOT_THERE:
                return "unknown"
            raise
