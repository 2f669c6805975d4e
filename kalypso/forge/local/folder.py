"""The folder of the embedded forge: which repositories it has, their addresses and paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kalypso.errors import DeliveryError, Position
from kalypso.git.read import all_refs

DEFAULT_FOLDER = Path(".kalypso/forge")
DEFAULT_URL = "http://127.0.0.1:3180"


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """Bare repositories in one folder, and the address under which they are served."""

    folder: Path
    url: str = DEFAULT_URL

    def path(self, name: str) -> Path:
        """Return where a repository of this name is or would be.

        Raises:
            DeliveryError: The name would lead out of the folder.
        """
        if not name or name.startswith((".", "-")) or "/" in name or not name.isprintable():
            raise DeliveryError(
                f"{name!r} is no name of a repository",
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
        """Tell whether a repository is there and has a branch, tag or other ref.

        Raises:
            SourceError: It is there and cannot be read.
        """
        path = self.path(name)
        return (path / "HEAD").exists() and bool(all_refs(path))

    def names(self) -> list[str]:
        """Return the names of the repositories that exist, sorted."""
        return sorted(p.name.removesuffix(".git") for p in self.folder.glob("*.git") if p.is_dir())
