"""Where trees are read from: a folder, a branch of a git repository, or memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git import (
    Access,
    History,
    Kind,
    check_repository,
    credentials_in,
    is_commit,
    read_tree,
    shown_address,
)
from kalypso.loading.folders import Wanted, read_folder
from kalypso.loading.named_files import named_files
from kalypso.loading.tree import counts
from kalypso.model import Pointer, Repositories, Source, prefetch

MODEL = Kind("model", counts, named_files)
"""The files of a tree that are needed to read the objects in it."""


_BEFORE_PATH = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*/?|[^/@:]*@?[^/@:]+:(?!//)")
"""What of an address stands before its path."""


class Location(msgspec.Struct, frozen=True):
    """A place that a person names: a folder, or a branch of a repository."""

    repository: str
    branch: str = ""
    """Empty for a folder."""
    path: str = "."

    def __str__(self) -> str:
        if not self.branch:
            return self.repository
        below = "" if self.path == "." else f":{self.path}"
        return f"{self.repository}@{self.branch}{below}"


def parse_location(text: str) -> Location:
    """Read ``DIR``, ``REPOSITORY@BRANCH`` or ``REPOSITORY@BRANCH:PATH``.

    In place of a branch there may be the whole id of a commit, which git takes in capitals too.

    Raises:
        SourceError: There is no such folder, and no branch is named.
    """
    if text and is_folder(text):
        return Location(text)
    if credentials_in(text):
        check_repository(text)
    repository, rest = _parted(text)
    branch, _, path = rest.partition(":")
    if repository and branch and not _exists(text):
        check_repository(repository)
        commit = branch.lower()
        return Location(repository, commit if is_commit(commit) else branch, path.strip("/") or ".")
    raise SourceError(
        "there is no such folder",
        Position(shown_address(text) or "."),
        "name a folder, or a branch as REPOSITORY@BRANCH or REPOSITORY@BRANCH:PATH",
        code="no-such-folder",
    )


def _parted(text: str) -> tuple[str, str]:
    """Part a repository from its branch, at the first ``@`` that can be between them.

    Branches may hold one, and so may addresses before their path, and folders.
    """
    start = _BEFORE_PATH.match(text)
    at = text.find("@", start.end() if start else 0)
    while not start and at >= 0 and not _holds_repository(text[:at]):
        at = text.find("@", at + 1)
    if at < 0:
        at = text.rfind("@")
    return (text[:at], text[at + 1 :]) if at >= 0 else ("", "")


def _holds_repository(text: str) -> bool:
    return is_folder(text) and (_is_repository(Path(text)) or _looks_bare(Path(text)))


def is_folder(text: str) -> bool:
    """Return whether a text names a folder; one that cannot be a name of any does not."""
    try:
        return Path(text).is_dir()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False


def read_location(location: Location, wanted: Wanted = counts) -> Source:
    """Read a folder, or a branch of a repository, whole.

    Args:
        location: What to read; its path is not applied.
        wanted: Which files of a folder are read, by path; a branch is read whole.

    Raises:
        SourceError: The source cannot be read.
    """
    if location.branch:
        return read_branch(location.repository, location.branch)
    return read_folder(Path(location.repository), wanted)


def read_branch(
    repository: str, branch: str, commit: str = "", name: str = "", kind: Kind | None = None
) -> Source:
    """Read a branch of a repository, at a commit if one is given.

    Args:
        repository: Folder or URL.
        branch: Branch, also read where the commit is given to say where it is.
        commit: Commit to read instead of the branch's head.
        name: How messages name the repository; its last part if empty.
        kind: Which files are needed; all if absent.

    Raises:
        SourceError: The source cannot be read.
    """
    snapshot = read_tree(repository, commit or branch, kind=kind)
    shown = name or last_part(repository)
    return Source(f"{shown}@{branch}:", snapshot.files, snapshot.commit, snapshot.skipped)


def last_part(url: str) -> str:
    """Return the name of a repository: the last part of its address without ``.git``."""
    return url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git")


class NamedRepositories(msgspec.Struct, frozen=True, kw_only=True):
    """Repositories as a person laid them out for one command."""

    folder: Path | None = None
    """Holds a folder for each repository, named like the last part of its URL."""
    mapped: Mapping[str, Location] = msgspec.field(default_factory=dict)
    """Locations by URL; these come first."""
    address_of: Callable[[str], str] = str
    """Where a URL is read, if neither of these has it: the URL itself, or a folder."""
    _read: dict[tuple[str, str, str], Source | SourceError] = msgspec.field(default_factory=dict)
    _taken: dict[str, str] = msgspec.field(default_factory=dict)
    """Address by the name of the folder that it is read from."""

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer of the model names; each repository once.

        Raises:
            SourceError: The source cannot be read.
        """
        key = (pointer.repo, pointer.branch, pointer.commit)
        if key not in self._read:
            try:
                self._read[key] = self._find(pointer)
            except SourceError as error:
                self._read[key] = error
        found = self._read[key]
        if isinstance(found, SourceError):
            raise found
        return found

    def _find(self, pointer: Pointer) -> Source:
        location = self.mapped.get(pointer.repo)
        if location is not None:
            if location.branch or not _is_repository(Path(location.repository)):
                return read_location(location)
            return _read_pointed(location.repository, pointer)
        if self.folder is None:
            return _read_pointed(self.address_of(pointer.repo), pointer)
        name = last_part(pointer.repo)
        if name in ("", ".", ".."):
            raise SourceError(f"{pointer.repo!r} names no repository", pointer.at, code="option")
        first = self._taken.setdefault(name, pointer.repo)
        if _bare_address(first) != _bare_address(pointer.repo):
            raise SourceError(
                f"{first} and {pointer.repo} would both be read from {self.folder / name}",
                pointer.at,
                "name the place of one of them with --repo URL=DIR",
                code="shared-folder",
            )
        for candidate in (self.folder / name, self.folder / f"{name}.git"):
            if _is_repository(candidate):
                return _read_pointed(str(candidate), pointer, name)
            if is_folder(str(candidate)):
                return _read_laid_out(candidate, pointer.at)
        raise SourceError(
            f"{self.folder} holds no folder {name!r} for {pointer.repo}",
            pointer.at,
            "put the repository there, or name its place with --repo URL=DIR",
            code="no-such-repository",
        )


def _bare_address(url: str) -> str:
    """Return what all addresses of one repository have in common, whatever their protocol."""
    without = re.sub(r"^[a-z][a-z0-9+.-]*://", "", url.casefold())
    without = re.sub(r":[0-9]+(?=/|$)", "", without.rpartition("@")[2])
    host, _, path = without.replace(":", "/", 1).partition("/")
    return f"{host}/{path.strip('/').removesuffix('.git')}"


class WithBase(msgspec.Struct, frozen=True):
    """Repositories of which the base is read from where a caller has it."""

    repositories: Repositories
    read_base: Callable[[], Source]
    """Reads it, with paths from the folder that holds the base."""

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names, or the base.

        Raises:
            SourceError: The source cannot be read.
        """
        return self.read_base() if pointer.main_base else self.repositories.read(pointer)

    def prefetch(self, pointers: Iterable[Pointer]) -> None:
        """Read what will be asked for, except the base."""
        prefetch(self.repositories, [each for each in pointers if not each.main_base])


def _read_pointed(repository: str, pointer: Pointer, name: str = "") -> Source:
    source = read_branch(repository, pointer.branch, pointer.commit, name, MODEL)
    check_on_branch(repository, pointer)
    return source


def check_on_branch(repository: str, pointer: Pointer, access: Access | None = None) -> None:
    """Refuse a commit that its branch does not hold, where the whole history can be had.

    Args:
        repository: Folder or address; of an address, the history is fetched.
        pointer: Branch and commit.
        access: How other machines are reached.

    Raises:
        SourceError: The commit was removed from the branch, or never merged; or the history cannot
            be read.
    """
    history = History(repository, access)
    if (
        pointer.commit
        and history.complete
        and not history.on_branch(pointer.commit, pointer.branch)
    ):
        raise SourceError(
            f"the commit {pointer.commit[:10]} is not on the branch {pointer.branch!r}",
            pointer.at,
            "it was removed from the branch, or never merged: promote another commit",
            code="not-on-branch",
        )


def _is_repository(folder: Path) -> bool:
    """Return whether a folder is read as a repository: nothing that a team can commit decides it.

    `.git` is not a name that git lets anybody commit. The files of a bare repository are names
    like others; so of those the name of the folder decides, which the user gave it.
    """
    try:
        return (folder / ".git").exists() or (folder.suffix == ".git" and _looks_bare(folder))
    except (OSError, ValueError):  # no folder can have this name
        return False


def _looks_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _read_laid_out(folder: Path, at: Position) -> Source:
    """Read a plain folder that stands for a repository; one without anything in it is refused."""
    if not any(folder.iterdir()):
        raise SourceError(f"the folder {folder} is empty", at, code="empty-repository")
    source = read_folder(folder)
    if not source.files and _looks_bare(folder):
        raise SourceError(
            f"the folder {folder} holds no model files and looks like a bare repository",
            at,
            f"rename it to {folder.name}.git, or name it with --repo URL={folder}@BRANCH",
            code="no-repository",
        )
    return source
