"""What a stand-in GitHub has at a moment, with which it can begin again in another folder.

The server stays the same, for its address is in commits and in states of the engine.
"""

import shutil
import threading
from collections.abc import Iterator, Mapping
from copy import copy, deepcopy
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.standins.github.repository import GitHubRepository
from tests.standins.github.server import GitHubServer

_OWN = frozenset({"folder", "lock"})
"""What a repository does not share with its copy."""


@dataclass(frozen=True)
class Kept:
    """Repositories in a folder that nobody changes any more, and what GitHub knows of them."""

    folder: Path
    repositories: Mapping[str, GitHubRepository]
    records: tuple[Mapping[str, Any], ...]


def keep(server: GitHubServer) -> Kept:
    """Return what a server has; from now on it has to begin again in another folder."""
    return Kept(
        server.folder,
        _copies(server._repositories, server.folder),  # noqa: SLF001 - as one of its modules
        tuple(deepcopy(_records(part)) for part in _parts(server)),
    )


def begin_again(server: GitHubServer, kept: Kept, folder: Path) -> None:
    """Let a server have in a folder what it had, with no call made and none answered badly."""
    shutil.copytree(kept.folder, folder)
    repositories = _copies(kept.repositories, folder)
    server.folder, server._repositories = folder, repositories  # noqa: SLF001 - as above
    last = max(each.number for each in repositories.values())
    server._numbers = count(last + 1)  # noqa: SLF001 - as above
    for part, records in zip(_parts(server), kept.records, strict=True):
        vars(part).update(deepcopy(dict(records)))
    server.authorizations.clear()
    server.clear()


def _copies(
    repositories: Mapping[str, GitHubRepository], folder: Path
) -> dict[str, GitHubRepository]:
    return {name: _copied(each, folder) for name, each in repositories.items()}


def _copied(repository: GitHubRepository, folder: Path) -> GitHubRepository:
    made = copy(repository)
    for name, value in vars(repository).items():
        if name not in _OWN:
            setattr(made, name, deepcopy(value))
    made.folder, made.lock = folder / made.owner / f"{made.name}.git", threading.RLock()
    return made


def _parts(server: GitHubServer) -> Iterator[object]:
    """Give what keeps records besides the repositories."""
    yield server.routes.admin
    yield server.routes.rules


def _records(part: object) -> dict[str, Any]:
    """Return what a part knows by now: numbers that it gave, and what it keeps by name."""
    return {name: each for name, each in vars(part).items() if isinstance(each, (dict, int))}
