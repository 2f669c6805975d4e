"""A GitOps repository per test, on the local forge or on the stand-in GitHub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.forge.github.issues import GitHubIssues
from kalypso.forge.interface import Issues
from kalypso.forge.local.issues import LocalIssues
from tests.delivery.platform import CLOCK, Bench, GitOps
from tests.forge.github.platform import GitHubGitOps, access_to, place_on
from tests.standins.github.described import Described
from tests.standins.github.server import GitHubServer


@pytest.fixture
def gitops(tmp_path: Path) -> GitOps:
    return GitOps(tmp_path / "kalypso-gitops.git")


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubGitOps]:
    with GitHubServer(tmp_path / "github") as server:
        yield GitHubGitOps(server, tmp_path)


@pytest.fixture(params=["gitops", "github"], ids=["local", "github"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """The contract of a forge holds on every forge: the test runs once on each."""
    bench: Bench = request.getfixturevalue(request.param)
    return bench


@pytest.fixture
def described_github(described: Described, tmp_path: Path) -> GitHubGitOps:
    described.server.clear()
    return GitHubGitOps(described.server, tmp_path, described.api, described.name())


@pytest.fixture(params=["gitops", "described_github"], ids=["local", "github"])
def reviewed(request: pytest.FixtureRequest) -> GitOps | GitHubGitOps:
    """A GitOps repository whose pull requests people decide about from a terminal."""
    found: GitOps | GitHubGitOps = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def local_tracker(tmp_path: Path) -> LocalIssues:
    return LocalIssues(tmp_path, clock=lambda: CLOCK)


@pytest.fixture
def described_tracker(described: Described, tmp_path: Path) -> GitHubIssues:
    described.server.clear()
    name = described.name()
    described.server.add(name)
    place = place_on(described.server, described.api, name)
    return GitHubIssues(place, access_to(described.server, tmp_path / "cache"))


@pytest.fixture(params=["local_tracker", "described_tracker"], ids=["local", "github"])
def tracker(request: pytest.FixtureRequest) -> Issues:
    """The contract of an issue tracker holds on every forge: the test runs once on each."""
    tracker: Issues = request.getfixturevalue(request.param)
    return tracker


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubServer]:
    with GitHubServer(tmp_path / "github") as server:
        yield server
