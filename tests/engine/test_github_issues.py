"""An assignment that fails has an issue on GitHub as long as it fails, which stops no delivery."""

from collections.abc import Iterator

import pytest

from tests.engine.bench import Bench, up_command
from tests.engine.test_github import GitHubBench
from tests.stack.test_issues import SCHEMA
from tests.standins.github.repository import GitHubRepository
from tests.standins.github.server import TOKEN, GitHubServer
from tests.standins.github.tokens import Grant

PREVIEW = ("pulumi", "preview", "-s", "dev", "--non-interactive")
TITLE = "observability-prometheus on large fails in dev"
WEAK = "ghp_weak"


@pytest.fixture
def github(bench: Bench) -> Iterator[GitHubBench]:
    with GitHubServer(bench.project.parent / "github") as server:
        yield GitHubBench(bench, server)


def control_plane(github: GitHubBench) -> GitHubRepository:
    found = github.sample.server.find("acme/kalypso-control-plane")
    assert found is not None
    return found


def test_what_fails_is_told_by_an_issue_and_what_is_healed_is_reviewed_from_a_terminal(
    github: GitHubBench,
) -> None:
    bench, server = github.bench, github.sample.server
    github.sample.commit("control-plane", "dev", {"strict.yaml": SCHEMA})
    assert "NOT_THERE" in bench.refused(*PREVIEW)
    assert control_plane(github).issues == {}

    said = bench.refused(*up_command("dev"))
    assert "NOT_THERE" in said
    assert f"opened issue 1: {server.url}/acme/kalypso-control-plane/issues/1" in said
    issue = control_plane(github).issue(1)
    assert (issue.title, issue.labels) == (TITLE, ["kalypso"])
    assert github.states() == []

    bench.environment |= {"GITHUB_SERVER_URL": server.url, "GITHUB_TOKEN": TOKEN}
    listed = bench.kalypso("issues", "list", "-r", "acme/kalypso-control-plane")
    assert listed == f"#1    {TITLE}\n"

    github.sample.commit("control-plane", "dev", {"strict.yaml": None})
    assert "closed issue 1: " in github.up()
    assert issue.state == "closed"
    bench.kalypso("pr", "close", "1", "-r", "acme/kalypso-gitops")
    again = f"kalypso pr reopen 1 -r {server.url}/acme/kalypso-gitops"
    assert f"`{again}` opens it again" in github.up()
    assert bench.kalypso(*again.split()[1:]).startswith("#1 is open; ")
    told = bench.kalypso("pr", "merge", "1", "-r", "acme/kalypso-gitops")
    assert told.startswith("merged #1 into dev: ")
    assert github.states() == ["merged"]
    assert "deployment/dev" not in github.sample.gitops.branches()


def test_a_token_that_may_not_write_issues_delivers_all_the_same(github: GitHubBench) -> None:
    bench, server = github.bench, github.sample.server
    github.sample.commit("control-plane", "dev", {"strict.yaml": SCHEMA})
    bench.refused(*up_command("dev"))
    github.sample.commit("control-plane", "dev", {"strict.yaml": None})
    server.grants[WEAK] = Grant(writes=("contents", "pull-requests"))
    bench.set_secret("dev", "github.token", WEAK)
    said = github.up()
    assert "the issues about assignments may not be up to date: GitHub answered 403" in said
    assert "the token needs issues: write" in said
    assert control_plane(github).issue(1).state == "open"
    assert github.states() == ["open"]
