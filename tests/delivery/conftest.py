"""A GitOps repository per test, on the embedded forge or on the stand-in GitHub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.github_platform import GitHubGitOps
from tests.delivery.platform import Bench, GitOps
from tests.support.github_server import GitHubServer


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
