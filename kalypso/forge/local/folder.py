"""The local forge: a folder of bare repositories, their addresses, and each one as a place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from kalypso.errors import DeliveryError, Position
from kalypso.forge.author import WRITER
from kalypso.forge.forge import Person
from kalypso.forge.local.issues import LocalIssues
from kalypso.forge.local.repository import BareRepository
from kalypso.git import Access, Writer, all_refs
from kalypso.model import LONGEST_BODY

DEFAULT_FOLDER = Path(".kalypso/forge")
DEFAULT_URL = "http://127.0.0.1:3180"


class LocalFolder(msgspec.Struct, frozen=True):
    """Bare repositories in one folder, and the address under which they are served."""

    folder: Path
    url: str = DEFAULT_URL

    kind: ClassVar[str] = "local"
    name: ClassVar[str] = "the local forge"
    here: ClassVar[bool] = True
    home_hint: ClassVar[str] = ""
    account: ClassVar[str] = ""
    host_keys: ClassVar[str] = ""
    token_issuer: ClassVar[str] = ""
    server_interface: ClassVar[str] = ""
    longest_body: ClassVar[int] = LONGEST_BODY
    writes_single_files: ClassVar[bool] = False
    has_rules: ClassVar[bool] = False
    extra: ClassVar[str] = ""

    @property
    def home(self) -> str:
        """Its address: a folder has no owners."""
        return self.url.rstrip("/")

    def place(self, address: str) -> LocalPlace | None:
        """Return which of its repositories an address names; None if it is elsewhere."""
        name = self.name_of(address)
        return LocalPlace(self, name) if name else None

    def name_at_home(self, address: str) -> str | None:
        """Return the name of a repository; all of them are the platform's own."""
        return self.name_of(address)

    def path(self, name: str) -> Path:
        """Return where a repository of this name is or would be.

        Raises:
            DeliveryError: The name would lead out of the folder.
        """
        if not name or name.startswith((".", "-")) or "/" in name or not name.isprintable():
            raise DeliveryError(
                f"{name!r} is not a repository name",
                Position(str(self.folder)),
                "use letters, digits, dashes and dots",
                code="bad-repository",
            )
        return self.folder / f"{name.removesuffix('.git')}.git"

    def url_of(self, name: str) -> str:
        """Return the address of a repository, as manifests and model files name it."""
        return f"{self.url.rstrip('/')}/{name}"

    def name_of(self, address: str) -> str | None:
        """Return which of our repositories an address stands for; None for any other."""
        prefix = f"{self.url.rstrip('/')}/"
        name = address.removeprefix(prefix).rstrip("/").removesuffix(".git")
        if not address.startswith(prefix) or not name or "/" in name or name.startswith("."):
            return None
        return name

    def has_content(self, name: str) -> bool:
        """Return whether a repository is there and has a branch, tag or other ref.

        Raises:
            SourceError: The repository exists, and cannot be read.
        """
        path = self.path(name)
        return (path / "HEAD").exists() and (_has_branch(path) or bool(all_refs(path)))

    def names(self) -> list[str]:
        """Return the names of the repositories that exist, sorted."""
        return sorted(p.name.removesuffix(".git") for p in self.folder.glob("*.git") if p.is_dir())

    def gitops_names(self) -> list[str]:
        """Return the names of those that commands take for the GitOps repository, sorted."""
        return list(filter(is_gitops, self.names()))


def is_gitops(name: str) -> bool:
    """Return whether a repository may hold the platform's manifests, by its name.

    Those of an application or of the services are their own.
    """
    return name.endswith("-gitops") and not name.endswith(("-app-gitops", "-svc-gitops"))


class LocalPlace(msgspec.Struct, frozen=True):
    """A bare repository in the folder of the local forge."""

    forge: LocalFolder
    full_name: str

    @property
    def path(self) -> Path:
        """Where it is or would be.

        Raises:
            DeliveryError: Its name would lead out of the folder.
        """
        return self.forge.path(self.full_name)

    @property
    def identity(self) -> Mapping[str, str]:
        """Folder and name."""
        return {"folder": str(self.forge.folder), "repository": self.full_name}

    @property
    def git_address(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def key_address(self) -> str:
        """Nothing: whoever reaches the folder reads it."""
        return ""

    @property
    def interface(self) -> str:
        """Empty: it is a folder."""
        return ""

    def workflow_subject(self, environment: str) -> str:
        """Return nothing: it runs no workflows."""
        del environment
        return ""

    @property
    def page(self) -> str:
        """Nothing: it is looked at with git and with `kalypso`."""
        return ""

    @property
    def option(self) -> str:
        """Its name, unless commands find it themselves: as the only GitOps repository."""
        others = set(self.forge.gitops_names()) - {self.full_name}
        return "" if is_gitops(self.full_name) and not others else f" -r {self.full_name}"

    @property
    def exists(self) -> bool:
        """Whether there is such a folder."""
        return self.path.is_dir()

    @property
    def has_content(self) -> bool:
        """Whether it has a branch, tag or other ref."""
        return self.forge.has_content(self.full_name)

    def repository(self, access: Access, writer: Writer = WRITER) -> BareRepository:
        """Open it to write branches and pull requests."""
        del access
        return BareRepository(self.path, writer=writer)

    def review(self, access: Access, person: Person) -> BareRepository:
        """Open it to decide about pull requests; a merge commit names the person."""
        del access
        return BareRepository(self.path, person=person())

    def issues(self, access: Access) -> LocalIssues:
        """Open its issues."""
        del access
        return LocalIssues(self.path)

    def statuses(self, access: Access) -> None:
        """Return nothing: `kalypso promotion` shows the record itself."""
        del access

    def commits_page(self, before: str, commit: str) -> str:
        """Return nothing: it has no pages."""
        del before, commit
        return ""

    def commit_page(self, commit: str, path: str = "", line: int = 0) -> str:
        """Return nothing: it has no pages."""
        del commit, path, line
        return ""

    def look(self, number: int) -> str:
        """Say how a person looks at a pull request."""
        return f"look at it with `kalypso pr show {number}{self.option}`"

    def decide(self, number: int) -> str:
        """Say how a person looks at a pull request and merges it."""
        there = self.option
        return f"`kalypso pr show {number}{there}`, then `kalypso pr merge {number}{there}`"

    def look_at_issue(self, number: int) -> str:
        """Say how a person looks at an issue."""
        return f"`kalypso issues show {number}`"


def _has_branch(repository: Path) -> bool:
    """Return whether a branch is in a file of its own, without asking git; it may be packed."""
    heads = repository / "refs" / "heads"
    return any(path.suffix != ".lock" and path.is_file() for path in heads.rglob("*"))
