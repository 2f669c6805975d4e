"""Where the content of repositories comes from: the embedded forge, or the sample before it is."""

from kalypso.errors import SourceError
from kalypso.git.address import is_commit, mask
from kalypso.git.problems import place
from kalypso.git.read import Snapshot, read_tree
from kalypso.model.records import Pointer, Source

from .settings import Settings
from .starting_content import CONTENTS, starting_branches


class PlatformRepositories:
    """Reads what a model points at; each branch once in a run.

    A repository of the embedded forge that is not there yet, or still empty, is read as
    what it will start with. So the first preview shows every assignment.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: dict[tuple[str, str], Snapshot] = {}

    def read(self, pointer: Pointer) -> Source:
        """Return the whole tree of a branch, or of a commit where one is named.

        Raises:
            SourceError: It cannot be read.
        """
        ref = pointer.commit or pointer.branch
        key = (pointer.repo, ref)
        if key not in self._read:
            self._read[key] = self.snapshot(pointer.repo, ref)
        tree = self._read[key]
        name = mask(pointer.repo).rstrip("/").removesuffix(".git").rpartition("/")[2]
        shown = pointer.branch or ref[:10]
        return Source(f"{name}@{shown}:", tree.files, tree.commit, tree.skipped)

    def read_base(self, pointer: Pointer) -> Source:
        """Return the base: here it is a repository like any other."""
        return self.read(pointer)

    def snapshot(self, repository: str, ref: str) -> Snapshot:
        """Return a branch of a repository, named by its address."""
        local = self._settings.local
        name = self._local_name(repository)
        if name is None:
            return read_tree(repository, ref, access=self._settings.access)
        if local.has_content(name):
            return read_tree(str(local.path(name)), ref)
        return self._at_start(repository, name, ref)

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
