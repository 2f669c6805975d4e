"""Where the content of repositories comes from: the embedded forge, or the sample before it is."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from kalypso.errors import SourceError
from kalypso.git.address import is_commit, mask
from kalypso.git.cache import Kind
from kalypso.git.problems import place
from kalypso.git.read import Snapshot, read_tree
from kalypso.loading.sources import check_on_branch, read_folder
from kalypso.loading.tree import counts
from kalypso.model.records import Pointer, Source

from .settings import Settings
from .starting_content import CONTENTS, starting_branches

_AT_ONCE = 8
"""Repositories that are read at the same time: enough to hide the network, no storm."""
_MODEL = Kind("model", counts)
"""Of a source only these files are read."""


class PlatformRepositories:
    """Reads what a model points at; each branch once in a run.

    A repository of the embedded forge that is not there yet, or still empty, is read as
    what it will start with. So the first preview shows every assignment.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: dict[tuple[str, str], Snapshot | SourceError] = {}

    def read(self, pointer: Pointer) -> Source:
        """Return the whole tree of a branch, or of a commit where one is named.

        Raises:
            SourceError: It cannot be read.
        """
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
        keys = [k for k in wanted if k not in self._read and self._local_name(k[0]) is None]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            self._read.update(zip(keys, pool.map(lambda key: self._try(*key), keys), strict=True))

    def read_base(self, pointer: Pointer) -> Source:
        """Return the base: a repository like any other, unless the settings name a folder."""
        folder = self._settings.model_base
        if folder:
            return read_folder(folder.expanduser())
        source = self.read(pointer)
        name = self._local_name(pointer.repo)
        if name and self._settings.local.has_content(name):
            check_on_branch(str(self._settings.local.path(name)), pointer)
        return source

    def read_environment(self, pointer: Pointer) -> Source:
        """Return the environment's branch, or the folder that the settings name in its place."""
        folder = self._settings.model_folder
        return read_folder(folder.expanduser()) if folder else self.read(pointer)

    def snapshot(self, repository: str, ref: str, kind: Kind | None = None) -> Snapshot:
        """Return a branch of a repository, named by its address.

        Args:
            repository: The address.
            ref: Branch or commit.
            kind: Which files are needed; of a repository elsewhere, no others are fetched.
        """
        local = self._settings.local
        name = self._local_name(repository)
        if name is None:
            return read_tree(repository, ref, access=self._settings.access, kind=kind)
        if local.has_content(name):
            return read_tree(str(local.path(name)), ref)
        return self._at_start(repository, name, ref)

    def _try(self, repository: str, ref: str) -> Snapshot | SourceError:
        try:
            return self.snapshot(repository, ref, _MODEL)
        except SourceError as error:
            return error

    def exists(self, repository: str) -> bool:
        """Tell whether there is a repository with content; one on GitHub has been read by now."""
        name = self._local_name(repository)
        return name is None or self._settings.local.has_content(name)

    def _local_name(self, repository: str) -> str | None:
        local = self._settings.forge == "local"
        return self._settings.local.name_of(repository) if local else None

    def _at_start(self, repository: str, name: str, ref: str) -> Snapshot:
        settings = self._settings
        content = name.removeprefix(f"{settings.prefix}-")
        if content in CONTENTS and name == settings.repository(content):
            branches = starting_branches(content, settings.prefix, settings.forge_url)
            for branch, start in branches.items():
                if ref in {branch, start.commit}:
                    return Snapshot(start.commit, start.files)
        what = "commit" if is_commit(ref) else "branch"
        raise SourceError(
            f"the embedded forge has no repository {name} with {what} {ref}",
            place(repository, ref),
            f"`ls {settings.local.folder}` shows what is there",
            code="no-repository",
        )


def _key(pointer: Pointer) -> tuple[str, str]:
    return pointer.repo, pointer.commit or pointer.branch
