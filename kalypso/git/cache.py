"""Fetched commits, kept under the user's cache folder: nothing is fetched twice.

Each remote repository has up to three bare ones here. The whole one holds commits with
all their files and no history; from it commits are made and pushed. The thin one holds
trees, and the contents only of the folders that were asked for. The third holds histories:
commits without any file. Both rely on a server that can leave out the rest; one that cannot
sends it too. A ref says what is complete, and is made last; so a killed fetch is repeated.
What turns out damaged is thrown away and fetched again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git.file_lock import locked
from kalypso.git.listing import MOST_ENTRIES, MOST_OF_MODEL, list_entries
from kalypso.git.loose import has_commit_ref
from kalypso.git.problems import no_branch, unreadable
from kalypso.git.remote import Access, Remote
from kalypso.git.run import REMOTE_SECONDS, GitFailed, git
from kalypso.git.write import NO_COMMIT, RefUpdate, create_repository

# What one repository leaves in the cache, below the number of the format, named by a digest:
#
#   4f1c….git          refs/kalypso/whole/9a2e…      commit 9a2e with all files, and no history
#   4f1c….thin.git     refs/kalypso/trees/9a2e…      commit 9a2e, its folders, and no content
#                      refs/kalypso/part/9a2e…/77d0  and the content of some files: 77d0 is the
#                                                    digest of which, such as all YAML files
#   4f1c….history.git  refs/kalypso/history/9a2e…    9a2e and all commits before it, and no file
#   4f1c….lock         one run of this machine fetches at a time
#
# The first run fetches the trees, picks the files that a model is made of by their paths, and
# fetches those. The second finds `part/9a2e…/77d0`, and asks only for the head of the branch.
#
# A run that is killed while it fetches has made objects and no ref: the next one sees no `part` and
# fetches again. Were the ref made first, the next run would trust it, and find files missing.

_FORMAT = "2"
"""Changes with the meaning of the refs: what an older Kalypso left is not looked at."""
_MOST_PACKS = 100
"""Fetches after which a repository is fetched from scratch, rather than growing for ever."""
_WAIT_SECONDS = 600.0
"""How long to wait for another run of this machine."""
_HISTORY_SECONDS = 100.0
"""How long a history may take: commits are small, and all files are not waited for."""
_Result = TypeVar("_Result")


class Kind(msgspec.Struct, frozen=True):
    """Some files of a tree, chosen by their path from its root."""

    name: str
    """Stands for the choice in the cache: another choice has another name."""
    takes: Callable[[str], bool]
    further: Callable[[Mapping[str, bytes]], frozenset[str]] = lambda _: frozenset()
    """Returns the paths of more files that are needed, which those that were read name."""

    def with_files(self, paths: frozenset[str]) -> Kind:
        """Return the kind that takes these files as well, and asks for no more."""
        digest = hashlib.sha256("\0".join(sorted(paths)).encode(errors="surrogateescape"))
        name = f"{self.name}+{digest.hexdigest()[:24]}"
        return Kind(name, lambda path: self.takes(path) or path in paths)


_NOTHING = Kind("nothing", lambda _: False)


class Clone:
    """What was fetched from one remote repository."""

    def __init__(self, repository: str, access: Access) -> None:
        self.remote = Remote(repository, access)
        digest = hashlib.sha256(self.remote.url.encode()).hexdigest()[:24]
        self._base = access.cache / _FORMAT / digest

    @property
    def folder(self) -> Path:
        """The bare repository with whole commits."""
        return self._base.with_suffix(".git")

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs of this machine out, for as long as the caller wants."""
        self._base.parent.mkdir(parents=True, exist_ok=True)
        return locked(self._base.with_suffix(".run"), _WAIT_SECONDS)

    def whole(self, commit: str) -> Path:
        """Have a commit with all its files.

        Raises:
            SourceError: The remote repository lacks it, or cannot be read.
        """
        have = f"refs/kalypso/whole/{commit}"
        self._have(self.folder, have, lambda: self._fetch(self.folder, commit, have, "--depth=1"))
        return self.folder

    def started(self) -> Path:
        """Have a bare repository to write a first commit into; it may hold nothing yet.

        Raises:
            SourceError: The cache cannot be written.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.folder.parent, error) from error
        with locked(self._base.with_suffix(".lock"), _WAIT_SECONDS):
            _make(self.folder)
        return self.folder

    def part(self, commit: str, path: str, kind: Kind | None = None) -> Path:
        """Have the trees of a commit, and the contents of some of its files.

        Args:
            commit: The commit.
            path: Folder whose files are wanted; empty for all.
            kind: Which of them; all if absent.

        Raises:
            SourceError: The remote repository lacks the commit, or cannot be read.
        """
        folder = self._base.with_suffix(".thin.git")
        trees = f"refs/kalypso/trees/{commit}"
        asked = f"{kind.name if kind else ''}:{path}".encode(errors="surrogateescape")
        digest = hashlib.sha256(asked).hexdigest()[:24]
        have = f"refs/kalypso/part/{commit}/{digest}"

        def fetch() -> None:
            if not _has_ref(folder, trees):
                self._fetch(folder, commit, trees, "--depth=1", "--filter=blob:none")
            blobs = _blobs(folder, commit, path, kind)
            if blobs:
                wanted = "".join(f"{blob}\n" for blob in blobs).encode()
                options = ("--filter=blob:none", "--stdin")
                self.remote.fetch(folder, [], *options, stdin=wanted, partial=True)
            git("update-ref", have, commit, repository=folder)

        self._have(folder, have, fetch)
        return folder

    def trees(self, commit: str) -> Path:
        """Have a commit and its trees, without any content.

        Raises:
            SourceError: The remote repository lacks it, or cannot be read.
        """
        return self.part(commit, "", _NOTHING)

    def commits(self, *wanted: str) -> Path:
        """Have commits with all that came before them, without any file.

        Raises:
            SourceError: The remote repository lacks one, or cannot be read.
        """
        folder = self._base.with_suffix(".history.git")
        for commit in wanted:
            have = f"refs/kalypso/history/{commit}"
            self._have(folder, have, partial(self._fetch_history, folder, commit, have))
        return folder

    def push(self, update: RefUpdate) -> None:
        """Move a ref of the remote repository, if it still is where it was seen.

        Raises:
            RefMoved: The ref was moved by someone else in the meantime.
            DeliveryError: The other side refused, or cannot be reached.
        """
        if update.new != NO_COMMIT:
            self._know_parents(update.new)
        self.remote.push(self.folder, update)
        if update.new != NO_COMMIT:  # what was pushed need not be fetched, if that can be kept
            have = f"refs/kalypso/whole/{update.new}"
            with suppress(GitFailed):
                git("update-ref", have, update.new, repository=self.folder)

    def reading(self, read: Callable[[], _Result]) -> _Result:
        """Read from what was fetched; if it is damaged, fetch it again and read once more.

        Args:
            read: Fetches and reads; called a second time after damage.
        """
        try:
            return read()
        except SourceError as error:
            if error.problem.code != "unreadable-repository":
                raise
            self.forget()
            return read()

    def forget(self) -> None:
        """Throw away what was fetched."""
        for kind in (".git", ".thin.git", ".history.git"):
            folder = self._base.with_suffix(kind)
            shutil.rmtree(folder, ignore_errors=True)

    def _know_parents(self, commit: str) -> None:
        """Let a commit have its parents again, which must be here.

        A commit that another machine pushed came without them, and git refuses to push it
        once more. It is the same commit that we make of the same files on the same parent.
        """
        shallow = self.folder / "shallow"
        with locked(self._base.with_suffix(".lock"), _WAIT_SECONDS):
            cut = shallow.read_text().split() if shallow.is_file() else []
            if commit in cut:
                scratch = self.folder / "shallow.kalypso"
                try:
                    scratch.write_text("".join(f"{each}\n" for each in cut if each != commit))
                    scratch.replace(shallow)
                except OSError as error:
                    raise _unwritable(self.folder, error) from error

    def _have(self, folder: Path, ref: str, fetch: Callable[[], None]) -> None:
        if _has_ref(folder, ref):
            return
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder.parent, error) from error
        with locked(self._base.with_suffix(".lock"), _WAIT_SECONDS):
            if _has_ref(folder, ref):
                return
            packs = folder / "objects" / "pack"
            if packs.is_dir() and len(list(packs.glob("*.pack"))) > _MOST_PACKS:
                shutil.rmtree(folder, ignore_errors=True)
            try:
                _make(folder)
                fetch()
            except GitFailed as error:
                raise self.remote.unreadable(error, ref.rpartition("/")[2]) from error

    def _fetch_history(self, folder: Path, commit: str, ref: str) -> None:
        """Fetch a history, unless it is part of another one that is here."""
        if _leads_to(folder, commit):
            git("update-ref", ref, commit, repository=folder)
        else:
            self._fetch(folder, commit, ref, "--filter=tree:0", seconds=_HISTORY_SECONDS)

    def _fetch(
        self, folder: Path, commit: str, ref: str, *options: str, seconds: float = REMOTE_SECONDS
    ) -> None:
        """Fetch one commit; where the server gives branches only, all branches."""
        lacks = folder != self.folder
        fetch = partial(self.remote.fetch, folder, partial=lacks, seconds=seconds)
        try:
            fetch([f"+{commit}:{ref}"], *options)
        except GitFailed as error:
            refused = ("not our ref", "unadvertised object", "no such remote ref", "couldn't find")
            if not any(word in error.output for word in refused):
                raise
            branches = "+refs/heads/*:refs/kalypso/branches/*"
            fetch([branches], *(each for each in options if each != "--depth=1"))
            if not _leads_to(folder, commit):
                at = Position(f"{self.remote.name}@{commit}")
                empty = not git("for-each-ref", "--count=1", repository=folder)
                raise no_branch(self.remote.name, commit, at, empty=empty) from None
            git("update-ref", ref, commit, repository=folder)


def _unwritable(folder: Path, error: OSError) -> SourceError:
    return SourceError(
        f"the cache cannot be written: {error.strerror}",
        Position(str(folder)),
        "set XDG_CACHE_HOME to a folder that this user may write and that has room",
        code="unwritable-folder",
    )


def _make(folder: Path) -> None:
    """Make a repository whole or not at all: git does not take up what it has half made."""
    if (folder / "HEAD").is_file():
        return
    scratch = folder.with_suffix(".new")
    for old in (scratch, folder):
        shutil.rmtree(old, ignore_errors=True)
    create_repository(scratch, branch="main")
    if folder.name.endswith(".thin.git"):  # else the server sends too little
        git("config", "fetch.negotiationAlgorithm", "noop", repository=scratch, reach="settings")
    try:
        scratch.replace(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _has_ref(folder: Path, ref: str) -> bool:
    if not (folder / "HEAD").is_file():
        return False
    known = has_commit_ref(folder, ref)
    if known is not None:
        return known
    try:
        return bool(git("for-each-ref", "--count=1", "--", ref, repository=folder))
    except GitFailed:
        return False


def _local(folder: Path, *arguments: str) -> bytes:
    """Look at what was fetched; what fails here is damage, and no word of the server."""
    try:
        return git(*arguments, repository=folder)
    except GitFailed as error:
        raise unreadable(error, Position(str(folder))) from error


def _leads_to(folder: Path, commit: str) -> bool:
    """Return whether a history that is here has a commit. A plain question would fetch it."""
    kept = _local(folder, "rev-list", "--glob=refs/kalypso/*")
    return commit in kept.decode().splitlines()


def _blobs(folder: Path, commit: str, path: str, kind: Kind | None) -> list[str]:
    """Return the ids of the files below a folder; none if there is no such folder."""
    at = Position(str(folder))
    most = MOST_OF_MODEL if kind else MOST_ENTRIES
    try:
        below = ["--", f"{path}/"] if path else []
        entries = list_entries(folder, commit, *below, at=at, most=most)
    except GitFailed as error:
        raise unreadable(error, at) from error
    taken = (entry for entry in entries if kind is None or kind.takes(entry.path))
    return sorted({entry.object_id for entry in taken if entry.what == "blob"})
