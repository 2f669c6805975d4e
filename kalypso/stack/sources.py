"""Where the content of repositories comes from: a forge, or the sample before it is there."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import msgspec

from kalypso.errors import SourceError
from kalypso.forge import Place
from kalypso.git import (
    Clone,
    Kind,
    Remote,
    Snapshot,
    create_repository,
    expanded,
    is_commit,
    mask,
    place,
    read_tree,
    resolve,
    write_tree,
)
from kalypso.loading import MODEL, check_on_branch, read_folder
from kalypso.model import Pointer, Source
from kalypso.stack.settings import Settings
from kalypso.stack.starting_content import starting_branches

_AT_ONCE = 8
"""Repositories that are read at the same time: enough to hide the network, no storm."""
_ABSENT = {"no-repository", "empty-repository"}
"""What reading says of a repository that may not have been made yet."""


class GitOpsBranch(msgspec.Struct, frozen=True):
    """The branch of an environment in the GitOps repository, by its objects."""

    commit: str
    tree: str
    """Commit or tree that has its files, in the folder."""
    folder: Path
    """A bare repository that has its files, and takes trees."""
    exists: bool
    """Whether the repository exists; else the files are those that it will start with."""


class PlatformRepositories:
    """Reads what a model points at; each branch once in a run.

    A repository that the platform makes and that does not exist yet, or still empty, is read
    as what it will start with. So the first preview shows every assignment. GitHub answers
    alike for a repository that does not exist and for one that the token may not see; so
    there it counts as not there only while the GitOps repository is at its start: from then
    on, a repository that cannot be read is an error.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: dict[tuple[str, str], Snapshot | SourceError] = {}
        self._absent: set[str] = set()
        self._heads: dict[tuple[str, str], str] = {}

    def read(self, pointer: Pointer) -> Source:
        """Return the whole tree of a branch, or of a commit where one is named.

        Raises:
            SourceError: The repository cannot be read.
        """
        return self._base(pointer) if pointer.main_base else self._tree(pointer)

    def _tree(self, pointer: Pointer) -> Source:
        repository, ref = key = _key(pointer)
        if key not in self._read:
            self._read[key] = self._try(repository, ref)
        tree = self._read[key]
        if isinstance(tree, SourceError):
            raise tree
        name = mask(pointer.repo).rstrip("/").removesuffix(".git").rpartition("/")[2]
        shown = pointer.branch or ref[:10]
        return Source(f"{name}@{shown}:", tree.files, tree.commit, tree.skipped)

    def prefetch(self, pointers: Iterable[Pointer]) -> None:
        """Read several repositories of other machines at once."""
        wanted = dict.fromkeys(map(_key, pointers))
        keys = [
            k for k in wanted if k not in self._read and self._settings.place_here(k[0]) is None
        ]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            self._read.update(zip(keys, pool.map(lambda key: self._try(*key), keys), strict=True))

    def _base(self, pointer: Pointer) -> Source:
        """Return the base: a repository like any other, unless the settings name a folder."""
        folder = self._settings.model.base
        if folder:
            return read_folder(expanded(folder))
        source = self._tree(pointer)
        here = self._settings.place_here(pointer.repo)
        if here and here.has_content:
            head = resolve(here.git_address, pointer.branch) if pointer.branch else None
            check_on_branch(here.git_address, pointer)
            self._heads[pointer.repo, pointer.branch] = head or ""
        return source

    def readings(self) -> tuple[tuple[str, str, str], ...]:
        """Return which commits were read: address, branch or commit, and commit; sorted.

        Returns:
            Empty if something was not read from a commit of a repository that exists.
        """
        found = dict(self._heads)
        for key, tree in self._read.items():
            here = self._settings.place_here(key[0])
            if isinstance(tree, SourceError) or key[0] in self._absent:
                return ()
            if here is not None and not here.has_content:
                return ()
            found[key] = tree.commit
        return tuple((*key, commit) for key, commit in sorted(found.items()))

    def read_environment(self, pointer: Pointer) -> Source:
        """Return the environment's branch, or the folder that the settings name in its place."""
        folder = self._settings.model.folder
        return read_folder(expanded(folder)) if folder else self.read(pointer)

    def snapshot(self, repository: str, ref: str, kind: Kind | None = None) -> Snapshot:
        """Return a branch of a repository, named by its address.

        Args:
            repository: The address.
            ref: Branch or commit.
            kind: Which files are needed; of a repository elsewhere, no others are fetched.
        """
        here = self._settings.place_here(repository)
        if here is None:
            return self._elsewhere(repository, ref, kind)
        if here.has_content:
            return read_tree(here.git_address, ref)
        return self._at_start(repository, ref, _not_there(repository, here, ref))

    def gitops_branch(self, address: str, at: Place, ref: str, staging: Path) -> GitOpsBranch:
        """Return a branch of the GitOps repository, without reading its files.

        Args:
            address: Of the repository, as the model names it.
            at: The same repository.
            ref: The branch.
            staging: Where the files are put that a repository will start with.

        Raises:
            SourceError: The repository cannot be read.
        """
        where = at.git_address
        if not at.forge.here:
            clone = Clone(where, self._settings.access)
            try:
                commit = clone.remote.resolve(ref)
                return GitOpsBranch(commit, commit, _whole(clone, commit), exists=True)
            except SourceError as error:
                return _staged(self._instead(address, ref, error), staging)
        if found := resolve(where, ref) if at.has_content else None:
            return GitOpsBranch(found, found, Path(where), exists=True)
        missing = _not_there(
            address, at, ref, f"`kalypso forge create {at.full_name}@{ref}` makes it"
        )
        if at.has_content:
            raise missing
        return _staged(self._at_start(address, ref, missing), staging)

    def _try(self, repository: str, ref: str) -> Snapshot | SourceError:
        try:
            return self.snapshot(repository, ref, MODEL)
        except SourceError as error:
            return error

    def exists(self, repository: str) -> bool:
        """Return whether a repository has content; one of another machine has been read by now."""
        here = self._settings.place_here(repository)
        return repository not in self._absent if here is None else here.has_content

    def _elsewhere(self, repository: str, ref: str, kind: Kind | None) -> Snapshot:
        try:
            return read_tree(repository, ref, access=self._settings.access, kind=kind)
        except SourceError as error:
            return self._instead(repository, ref, error)

    def _instead(self, repository: str, ref: str, error: SourceError) -> Snapshot:
        """Return what a repository of another machine will start with, if it is not made yet."""
        absent = error.problem.code in _ABSENT and self._settings.content_of(repository)
        if not absent or self._begun:
            raise error
        self._absent.add(repository)
        return self._at_start(repository, ref, error)

    @cached_property
    def _begun(self) -> bool:
        """Whether anything was ever delivered to the GitOps repository that the platform makes."""
        settings = self._settings
        address = f"{settings.forge.home}/{settings.repository('gitops')}"
        try:
            heads = Remote(address, settings.access).refs("refs/heads/*")
        except SourceError as error:
            if error.problem.code != "no-repository":
                raise
            return False
        start = starting_branches("gitops", settings.prefix, settings.forge.home)
        return any(
            ref.removeprefix("refs/heads/") not in start
            or start[ref.removeprefix("refs/heads/")].commit != commit
            for ref, commit in heads.items()
        )

    def _at_start(self, repository: str, ref: str, error: SourceError) -> Snapshot:
        settings = self._settings
        content = settings.content_of(repository)
        if content is not None:
            url = settings.forge.home
            for branch, start in starting_branches(content, settings.prefix, url).items():
                if ref in {branch, start.commit}:
                    return Snapshot(start.commit, start.files)
        raise error


def _whole(clone: Clone, commit: str) -> Path:
    return clone.reading(lambda: clone.whole(commit))


def _staged(start: Snapshot, staging: Path) -> GitOpsBranch:
    create_repository(staging, branch="main")
    return GitOpsBranch(start.commit, write_tree(staging, start.files), staging, exists=False)


def _not_there(repository: str, here: Place, ref: str, hint: str = "") -> SourceError:
    what = "commit" if is_commit(ref) else "branch"
    return SourceError(
        f"{here.forge.name} has no repository {here.full_name} with {what} {ref}",
        place(repository, ref),
        hint or f"`ls {Path(here.git_address).parent}` shows what is there",
        code="no-repository",
    )


def _key(pointer: Pointer) -> tuple[str, str]:
    return pointer.repo, pointer.commit or pointer.branch
