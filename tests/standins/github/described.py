"""The stand-in GitHub behind a proxy that holds every call to GitHub's description."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.standins.github.server import GitHubServer
from tests.support.openapi import checking


@dataclass(frozen=True)
class Described:
    """A server and its proxy, which take seconds to start: tests have repositories of their own."""

    server: GitHubServer
    api: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def name(self) -> str:
        """Return the name of a repository that no other test has."""
        return f"acme/repository-{next(self._numbers)}"


@pytest.fixture(scope="session")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """Give the one of this process; a fixture that several rooms name would be made for each."""
    folder: Path = tmp_path_factory.mktemp("openapi")
    with GitHubServer(folder / "github") as server, checking(server.api, folder) as proxy:
        yield Described(server, proxy)
