"""Every call that delivery makes, and every answer of the stand-in, is as GitHub describes it."""

import json
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.delivery.platform import DRONE, LARGE, OTHER
from tests.forge.github.platform import REPOSITORY, GitHubGitOps
from tests.standins.github.described import Described
from tests.standins.github.server import TOKEN

TRACKING = ".github/tracking/Promoted_Commit_Id"


@pytest.fixture(scope="module")
def checked(described: Described, tmp_path_factory: pytest.TempPathFactory) -> GitHubGitOps:
    described.server.clear()
    folder: Path = tmp_path_factory.mktemp("repository")
    return GitHubGitOps(described.server, folder, api=described.api)


def ask(gitops: GitHubGitOps, method: str, path: str, body: object = None) -> tuple[int, str]:
    """Make a call through the proxy; return status and what broke the description."""
    host = gitops.place.github.rest.removeprefix("http://")
    connection = HTTPConnection(host, timeout=30)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    text = json.dumps(body) if body is not None else None
    connection.request(method, f"/repos/{REPOSITORY}{path}", text, headers)
    answer = connection.getresponse()
    told = answer.read().decode()
    connection.close()
    return answer.status, f"{answer.getheader('sl-violations', '')} {told}"


def test_the_life_of_a_pull_request_is_as_github_describes_it(checked: GitHubGitOps) -> None:
    checked.run({**DRONE, TRACKING: "1" * 40})
    assert checked.people.pull_request(1).labels == ("promoted",)
    assert checked.run({**DRONE, TRACKING: "1" * 40}).step == "keep"
    assert checked.run({**OTHER, TRACKING: "1" * 40}).step == "replace"
    checked.people.merge(1)
    assert checked.run({**LARGE, TRACKING: "2" * 40}).step == "open"
    assert checked.run({**LARGE, TRACKING: "1" * 40}).step == "replace"
    assert checked.people.pull_request(2).labels == ()
    assert checked.run({**OTHER, TRACKING: "1" * 40}).step == "withdraw"
    checked.run({**LARGE, TRACKING: "1" * 40})
    checked.people.close(3)
    assert checked.run({**LARGE, TRACKING: "1" * 40}).step == "stay-closed"
    assert checked.states() == ["merged", "closed", "closed"]
    called = {(call.method, call.path.partition(REPOSITORY)[2]) for call in checked.server.calls}
    assert {("POST", "/labels"), ("DELETE", "/issues/2/labels/promoted")} <= called


def test_issues_are_as_github_describes_them(checked: GitHubGitOps) -> None:
    status, told = ask(checked, "POST", "/issues", {"title": "t", "body": "b", "labels": ["bug"]})
    assert status == 201
    number = json.loads(told)["number"]
    assert ask(checked, "PATCH", f"/issues/{number}", {"state": "closed"})[0] == 200
    assert ask(checked, "GET", "/issues?state=all&labels=bug")[0] == 200
    assert ask(checked, "GET", "")[0] == 200


def test_statuses_and_approvals_are_as_github_describes_them(checked: GitHubGitOps) -> None:
    repository = checked.server.find(REPOSITORY)
    assert repository is not None
    commit = repository.branches()["dev"]
    posted = {"context": "dev environment", "state": "pending", "description": "Promoted"}
    assert ask(checked, "POST", f"/statuses/{commit}", posted)[0] == 201
    status, told = ask(checked, "GET", f"/commits/{commit}/statuses?per_page=100&page=1")
    assert (status, json.loads(told)[0]["description"]) == (200, "Promoted")
    repository.approvals[7] = [("approved", "dev", "ann")]
    assert ask(checked, "GET", "/actions/runs/7/approvals")[0] == 200


def test_a_call_that_breaks_the_description_is_caught(checked: GitHubGitOps) -> None:
    status, told = ask(checked, "POST", "/pulls", {"title": "t", "base": "dev"})
    assert status == 422
    assert "must have required property 'head'" in told


def test_an_answer_that_breaks_the_description_is_caught(
    checked: GitHubGitOps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.standins.github.answers._REPOSITORY_COUNTS", "forks")
    status, told = ask(checked, "GET", "")
    assert status == 500
    assert "open_issues_count" in told
