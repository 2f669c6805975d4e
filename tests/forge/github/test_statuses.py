"""Commit statuses and approvals on the stand-in GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, SourceError
from kalypso.forge.github.statuses import GitHubStatuses
from kalypso.forge.interface import CommitStatus
from tests.forge.github.platform import REPOSITORY, access_to, place_on
from tests.standins.github.repository import GitHubRepository
from tests.standins.github.server import TOKEN, GitHubServer
from tests.standins.github.tokens import Grant

DEPLOYING = CommitStatus("dev environment", "pending", "Deploying")
PASSED = CommitStatus("dev environment", "success", "Deployed to dev")


class Bench:
    """A repository with one commit, and its statuses."""

    def __init__(self, server: GitHubServer, folder: Path) -> None:
        self.server, self._folder = server, folder
        self.repository: GitHubRepository = server.add(REPOSITORY)
        tree = self.repository.git("mktree")
        self.commit = self.repository.git("commit-tree", tree, "-m", "one")
        self.statuses = self.by()

    def by(self, *rights: str, token: str = "") -> GitHubStatuses:
        """Return the statuses as the holder of a token with some rights meets them."""
        if rights or token:
            self.server.grants[token] = Grant(repository=REPOSITORY, writes=rights)
        access = access_to(self.server, self._folder, token or TOKEN)
        return GitHubStatuses(place_on(self.server), access)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with GitHubServer(tmp_path / "github") as server:
        yield Bench(server, tmp_path / "cache")


def test_what_was_posted_is_listed_newest_first(bench: Bench) -> None:
    bench.statuses.post(bench.commit, DEPLOYING)
    bench.statuses.post(bench.commit, PASSED)
    found = [
        (each["context"], each["state"], each["description"])
        for each in bench.statuses.statuses(bench.commit)
    ]
    assert found == [
        ("dev environment", "success", "Deployed to dev"),
        ("dev environment", "pending", "Deploying"),
    ]


def test_all_pages_of_statuses_are_read(bench: Bench) -> None:
    for number in range(101):
        bench.statuses.post(bench.commit, CommitStatus(f"c{number}", "pending", "x"))
    assert len(bench.statuses.statuses(bench.commit)) == 101


def test_a_token_without_the_right_posts_nothing(bench: Bench) -> None:
    poor = bench.by("contents", "pull-requests", token="poor")  # noqa: S106 - opens nothing
    with pytest.raises(DeliveryError) as caught:
        poor.post(bench.commit, PASSED)
    assert caught.value.problem.code == "denied"
    assert bench.statuses.statuses(bench.commit) == ()


def test_a_text_that_is_too_long_is_refused_by_github(bench: Bench) -> None:
    with pytest.raises(DeliveryError, match="maximum is 140 characters"):
        bench.statuses.post(bench.commit, CommitStatus("c", "pending", "x" * 141))


def test_a_commit_that_is_not_there_takes_no_status(bench: Bench) -> None:
    with pytest.raises(DeliveryError, match="No commit found"):
        bench.statuses.post("1" * 40, PASSED)


def test_who_approved_this_environment_is_read(bench: Bench) -> None:
    bench.repository.approvals[7] = [
        ("approved", "stage", "ann"),
        ("approved", "dev", "bob"),
        ("rejected", "stage", "eve"),
        ("approved", "stage", "ann"),
    ]
    assert bench.statuses.approvers("7", "stage") == ("ann",)


def test_a_run_that_is_not_there_approves_nothing(bench: Bench) -> None:
    with pytest.raises(SourceError):
        bench.statuses.approvers("8", "stage")
