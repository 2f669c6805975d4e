"""A stack on GitHub, on the real engine: one pull request, and a token that nobody sees."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.engine.bench import Bench
from tests.standins.github.sample import Sample
from tests.standins.github.server import TOKEN, GitHubServer


class GitHubBench:
    """A project whose stack dev is on the stand-in GitHub."""

    def __init__(self, bench: Bench, server: GitHubServer, token: str = TOKEN) -> None:
        self.bench, self.sample, self.said = bench, Sample(server), ""
        for variable in ("GITHUB_TOKEN", "GH_TOKEN"):
            bench.environment.pop(variable, None)
        bench.environment["XDG_CACHE_HOME"] = str(bench.project.parent / "cache")
        bench.init("dev", token=token)
        bench.set("dev", self.sample.plain_config)

    def up(self) -> str:
        said = self.bench.up("dev")
        self.said += said
        return said

    def states(self) -> list[str]:
        pulls = reversed(self.sample.gitops.pulls())
        return ["merged" if pull.merge_commit else pull.state for pull in pulls]


@pytest.fixture
def github(bench: Bench) -> Iterator[GitHubBench]:
    with GitHubServer(bench.project.parent / "github") as server:
        yield GitHubBench(bench, server)


def test_the_life_of_an_environment_on_github(github: GitHubBench) -> None:
    server, bench = github.sample.server, github.bench
    first = github.up()
    page = f"{server.url}/acme/kalypso-gitops/pull/1"
    assert f"opened pull request 1 in acme/kalypso-gitops; look at it on {page}" in first
    assert github.states() == ["open"]

    server.clear()
    assert "create" not in bench.changes("dev")
    assert f"pull request 1 waits for review: look at it on {page}" in github.up()
    assert server.writes() == []

    github.sample.gitops.merge(1)
    server.clear()
    github.up()
    assert server.writes() == []
    assert github.states() == ["merged"]

    github.sample.commit("control-plane", "dev", {"scheduling/no-policies.txt": b"x\n"})
    server.clear()
    github.up()
    assert server.writes() == []

    bench.good("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
    assert github.states() == ["merged"]


def test_the_token_is_in_no_state_output_argument_or_file(github: GitHubBench) -> None:
    seen: list[str] = []

    def plan(_: object) -> None:
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "args"], check=True, capture_output=True)
        seen.append(listed.stdout.decode(errors="replace"))

    github.sample.server.plan = plan
    said = github.up()
    assert any("components.provider.server" in listing for listing in seen)
    assert TOKEN not in "".join(seen)
    assert TOKEN not in said
    assert TOKEN not in github.bench.good("pulumi", "stack", "export", "-s", "dev")
    kept = [
        path
        for folder in (
            github.bench.state,
            github.bench.project,
            github.bench.project.parent / "cache",
        )
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
    ]
    assert kept
    assert [path for path in kept if TOKEN.encode() in path.read_bytes()] == []


def test_a_token_that_is_refused_stops_the_run_before_anything_is_declared(
    github: GitHubBench,
) -> None:
    github.bench.set_secret("dev", "github.token", "wr0ng-c4nary")
    said = github.bench.refused("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "acme/kalypso-control-plane" in said
    assert "[denied]" in said
    assert "c4nary" not in said
