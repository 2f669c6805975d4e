"""What passes between rooms that is not an object of the model: sources, pointers, commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

import msgspec

from kalypso.errors import NOWHERE, Position


class Source(msgspec.Struct, frozen=True):
    """The files of one tree: a folder, or a branch of a repository at one commit."""

    name: str
    """What stands before a path in messages, for example ``control-plane@dev:`` or ``folder/``."""
    files: Mapping[str, bytes]
    """Content by path from the root of the repository, with ``/``. Holds at least all YAML files
    and all ``.sourceignore`` files."""
    commit: str = ""
    """Commit that was read; empty for a folder."""
    skipped: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Entries that are never read, with the reason: symbolic links and submodules."""

    def place(self, path: str) -> str:
        """Return how messages name a file."""
        return f"{self.name}{path}"

    def below(self, folder: str) -> Source:
        """Return one folder as a source of its own, with paths from there."""
        prefix = f"{folder}/"
        files = {
            path.removeprefix(prefix): content
            for path, content in self.files.items()
            if path.startswith(prefix)
        }
        return Source(f"{self.name}{prefix}", files, self.commit)


class Pointer(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a repository, as objects of the model name it."""

    repo: str
    branch: str = ""
    path: str = "."
    commit: str = ""
    """Read at this commit of the branch; empty means its head."""
    at: Position = NOWHERE
    """Where the pointer is written down."""
    main_base: bool = False
    """Whether this is the base ``main`` (or the only base), which a caller may have elsewhere."""


class LoggedCommit(msgspec.Struct, frozen=True):
    """A commit as a log shows it."""

    commit: str
    author: str
    subject: str
    link: str = ""
    """Page that shows it, of characters that mean nothing to Markdown; empty if none is known."""


class Repositories(Protocol):
    """Gives the content of the repositories that a model points at."""

    def read(self, pointer: Pointer) -> Source:
        """Read the whole tree; the pointer's path is applied by the reader.

        Raises:
            SourceError: The repository cannot be read. An unreadable source is never an empty one.
        """
        ...


@runtime_checkable
class Prefetching(Protocol):
    """Repositories that are read several at once if they are announced beforehand."""

    def prefetch(self, pointers: Iterable[Pointer]) -> None:
        """Read what will be asked for; what cannot be read is reported when it is asked for."""
        ...


def prefetch(repositories: Repositories, pointers: Iterable[Pointer]) -> None:
    """Read what will be asked for, several at once where the repositories can do that.

    Repositories that wrap others pass this on; otherwise a server is asked one by one.
    """
    if isinstance(repositories, Prefetching):
        repositories.prefetch(pointers)
