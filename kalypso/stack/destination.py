"""Where the manifests of an environment go: a repository of the embedded forge, or on GitHub."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kalypso.errors import DeliveryError, Position
from kalypso.forge.author import WRITER
from kalypso.forge.github.library import forge_on_github
from kalypso.forge.github.place import GitHub
from kalypso.forge.interface import Repository
from kalypso.forge.local.folder import LocalFolder
from kalypso.forge.local.repository import BareRepository
from kalypso.git.remote import Access
from kalypso.git.write import Writer


@dataclass(frozen=True, slots=True)
class Destination:
    """One repository, as the inputs of `GitOpsBranch` name it."""

    folder: str
    """Folder of the embedded forge; empty for GitHub."""
    github: str
    """Address of GitHub, or of a GitHub Enterprise Server; empty for the embedded forge."""
    repository: str
    """Name on the embedded forge, or `owner/name` on GitHub."""

    @classmethod
    def named_by(cls, properties: Mapping[str, object]) -> Self:
        """Return the repository that the inputs of a resource name; absent ones are empty."""
        folder, github, repository = (
            str(properties.get(key) or "") for key in ("folder", "github", "repository")
        )
        return cls(folder, github, repository)

    @property
    def exists(self) -> bool:
        """Whether there may be such a repository; on GitHub only reading it tells."""
        return bool(self.github) or self.path.is_dir()

    def forge(self, access: Access, api: str = "", writer: Writer = WRITER) -> Repository:
        """Return the forge that has it.

        Args:
            access: How GitHub is reached.
            api: Address of its REST interface, if that is not where GitHub has it.
            writer: Whose name is in the commits that delivery writes.

        Raises:
            DeliveryError: What GitHub needs is missing: a library, or a token.
        """
        if not self.github:
            return BareRepository(self.path, writer=writer)
        place = GitHub(self.github, api).repository(f"{self.github}/{self.repository}")
        if place is None:
            raise DeliveryError(
                f"{self.repository!r} is no repository of {self.github}",
                Position(self.repository),
                "name it as owner/name",
                code="bad-repository",
            )
        return forge_on_github(place, access, writer)

    def look(self, number: int) -> str:
        """Return how a person looks at a pull request."""
        if self.github:
            return f"look at it on {self.address}/pull/{number}"
        return f"look at it with `kalypso pr show {number}`"

    @property
    def address(self) -> str:
        """Where people look at it on GitHub."""
        return f"{self.github}/{self.repository}"

    @property
    def path(self) -> Path:
        """Where it is on the embedded forge."""
        return LocalFolder(Path(self.folder)).path(self.repository)
