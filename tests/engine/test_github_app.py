"""A stack on GitHub that asks as a GitHub App, on the real engine: nobody sees its key."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.engine.bench import Bench
from tests.engine.test_github import GitHubBench
from tests.standins.github.app import APP_ID, key_pair
from tests.standins.github.server import GitHubServer


@pytest.fixture
def github(bench: Bench) -> Iterator[GitHubBench]:
    with GitHubServer(bench.project.parent / "github") as server:
        github = GitHubBench(bench, server, token="")
        bench.set("dev", {"github.app.id": APP_ID})
        bench.set_secret("dev", "github.app.key", key_pair()[0])
        server.grants.pop(server.token)
        yield github


def test_an_app_delivers_and_its_secrets_are_in_no_state_output_argument_or_file(
    github: GitHubBench,
) -> None:
    seen: list[str] = []

    def plan(_: object) -> None:
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "args"], check=True, capture_output=True)
        seen.append(listed.stdout.decode(errors="replace"))

    server, bench = github.sample.server, github.bench
    server.plan = plan
    said = github.up()
    assert github.states() == ["open"]
    assert len(server.app.issued) == 2, "one for the program, one for the provider"
    secrets = [*server.app.issued, *key_pair()[0].splitlines()[1:3]]
    exported = bench.good("pulumi", "stack", "export", "-s", "dev")
    text = "".join([*seen, said, exported])
    assert "components.provider.server" in text
    assert [each for each in secrets if each in text] == []
    kept = [
        path
        for folder in (bench.state, bench.project, bench.project.parent / "cache")
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
    ]
    assert kept
    read = [(path, path.read_bytes()) for path in kept]
    assert [path for path, held in read for each in secrets if each.encode() in held] == []


def test_an_app_that_nobody_let_in_stops_the_run_before_anything_is_declared(
    github: GitHubBench,
) -> None:
    github.sample.server.app.installations.clear()
    said = github.bench.refused("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "the GitHub App 123456 is not installed for acme/kalypso-control-plane" in said
    assert "[no-installation]" in said
