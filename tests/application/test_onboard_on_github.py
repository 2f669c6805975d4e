"""`kalypso onboard` and `kalypso offboard` on the stand-in GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Result, run
from tests.standins.github.faults import FORBIDDEN, on
from tests.standins.github.sample import Sample
from tests.standins.github.server import GitHubServer
from tests.standins.github.tokens import Grant

TOKEN = "ghp_onboard0123456789c4nary"  # noqa: S105 - of the stand-in
TARGETS = (
    "--target", "functional-test@dev:purpose=functional-test,edge=true",
    "--clusters", "functional-test:restricted=true,edge=true",
    "--target", "uat-test@stage",
)  # fmt: skip


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sample]:
    """The platform, and a token that may open pull requests."""
    with GitHubServer(tmp_path / "github") as server:
        server.grants[TOKEN] = Grant(writes=("contents", "pull-requests"), user="ada")
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        yield Sample(server)


def types(sample: Sample, folder: Path, *words: str) -> Result:
    url = f"{sample.server.url}/acme"
    plane = ("--control-plane", f"{url}/kalypso-control-plane")
    return run([*words, *plane], folder)


def onboard(sample: Sample, folder: Path, *more: str) -> Result:
    url = f"{sample.server.url}/acme"
    words = ("onboard", "hello-world-app", "--workspace", "kaizen-app-team")
    repositories = ("--source", f"{url}/kalypso-app-src", "--gitops", f"{url}/kalypso-app-gitops")
    return types(sample, folder, *words, *repositories, *TARGETS, *more)


def opened(sample: Sample) -> list[str]:
    """Return the title of each pull request of the control plane."""
    plane = sample.server.find("acme/kalypso-control-plane")
    assert plane is not None
    return [pull.title for pull in reversed(plane.pulls())]


def branches(sample: Sample) -> list[str]:
    plane = sample.server.find("acme/kalypso-control-plane")
    assert plane is not None
    return sorted(plane.branches())


TITLES = [
    "Register hello-world-app of kaizen-app-team",
    "Schedule hello-world-app in dev",
    "Schedule hello-world-app in stage",
]


def test_registration_and_policies_are_pull_requests_and_a_second_try_keeps_them(
    sample: Sample, tmp_path: Path
) -> None:
    done = onboard(sample, tmp_path, "--yes")
    told = [line for line in done.out.splitlines() if line.startswith("opened")]
    assert told == [
        f"opened pull request {number} in acme/kalypso-control-plane: {title}"
        for number, title in enumerate(TITLES, start=1)
    ], done.err
    assert "next: merge them" in done.out.partition(told[-1])[2]
    assert opened(sample) == TITLES
    again = onboard(sample, tmp_path, "--yes")
    assert again.out.count("already open: pull request") == 3
    assert opened(sample) == TITLES


def test_try_that_github_ended_half_way_is_finished_by_the_next(
    sample: Sample, tmp_path: Path
) -> None:
    sample.server.plan = on("POST", "/pulls", FORBIDDEN)
    failed = onboard(sample, tmp_path, "--yes")
    assert (failed.code, failed.err.count("error:")) == (2, 1)
    assert opened(sample) == []
    assert "onboard/hello-world-app" in branches(sample)
    done = onboard(sample, tmp_path, "--yes")
    assert done.code == 0, done.err
    assert opened(sample) == TITLES


def test_token_that_may_only_read_opens_nothing_and_says_so(sample: Sample, tmp_path: Path) -> None:
    sample.server.grants[TOKEN] = Grant(user="ada")
    refused = onboard(sample, tmp_path, "--yes")
    assert refused.err.count("error:") == 1
    assert TOKEN not in refused.err
    assert opened(sample) == []
    assert branches(sample) == ["dev", "main", "stage"]


def test_branch_that_holds_something_else_is_left_alone(sample: Sample, tmp_path: Path) -> None:
    plane = sample.server.find("acme/kalypso-control-plane")
    assert plane is not None
    plane.git("branch", "onboard/hello-world-app", "main")
    refused = onboard(sample, tmp_path, "--yes")
    assert (refused.code, refused.err.count("error:")) == (2, 1)
    assert "the branch onboard/hello-world-app exists already [foreign-head]" in refused.err
    assert opened(sample) == []


def test_offboarding_opens_the_way_back(sample: Sample, tmp_path: Path) -> None:
    onboard(sample, tmp_path, "--yes")
    plane = sample.server.find("acme/kalypso-control-plane")
    assert plane is not None
    for pull in plane.pulls():
        plane.git("update-ref", f"refs/heads/{pull.base}", pull.head_commit)
    offboard = ("offboard", "hello-world-app", "--yes")
    refused = types(sample, tmp_path, *offboard)
    digests = re.findall(r"--acknowledge [0-9a-f]{12}", refused.err)
    done = types(sample, tmp_path, *offboard, *(word for each in digests for word in each.split()))
    assert done.code == 0, done.err
    assert opened(sample)[3:] == [
        "Remove the registration of hello-world-app",
        "Stop hello-world-app in dev",
        "Stop hello-world-app in stage",
    ]
