"""Failed assignments of the sample become issues, and healed ones close them, on either forge."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from kalypso.delivery.issues import Settled
from kalypso.evaluation import failed_assignments
from kalypso.stack.issues import settle_after_failure, settle_after_success
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from kalypso.stack.stack_model import request_for
from tests.cli.command import Result, run
from tests.stack.forge import SampleForge, settings_for
from tests.standins.github import faults
from tests.standins.github.faults import on
from tests.standins.github.sample import Sample
from tests.standins.github.server import TOKEN, GitHubServer
from tests.standins.github.tokens import Grant

SCHEMA = b"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ConfigSchema
metadata: {name: strict}
spec:
  schema: |
    type: object
    required: [NOT_THERE]
"""
WEAK = "ghp_weak"
Changes = dict[str, bytes | None]


class Platform(Protocol):
    """The sample's control plane on some forge, its stack, and who asks about its issues."""

    def settings(self, **config: str) -> Settings: ...

    def commit(self, changes: Changes) -> None: ...

    def forget_branch(self) -> None: ...

    def issues(self, *arguments: str) -> Result: ...


class OnFolder:
    def __init__(self, folder: Path) -> None:
        self.forge = SampleForge(folder / ".kalypso" / "forge")
        self.forge.make()
        self._folder = folder

    def settings(self, **config: str) -> Settings:
        return settings_for(self.forge.folder, **config)

    def commit(self, changes: Changes) -> None:
        self.forge.commit("control-plane", "dev", {**changes})

    def forget_branch(self) -> None:
        (self.forge.path("control-plane") / "refs/heads/dev").unlink()

    def issues(self, *arguments: str) -> Result:
        return run(["issues", *arguments], self._folder)


class OnGitHub:
    def __init__(self, server: GitHubServer, folder: Path) -> None:
        self.sample, self._folder = Sample(server), folder
        found = server.find("acme/kalypso-control-plane")
        assert found is not None
        self.control_plane = found

    def settings(self, **config: str) -> Settings:
        given = {**self.sample.config, **config}
        return parse_settings({f"kalypso:{key}": text for key, text in given.items()}, "dev")

    def commit(self, changes: Changes) -> None:
        self.sample.commit("control-plane", "dev", changes)

    def forget_branch(self) -> None:
        self.control_plane.git("update-ref", "-d", "refs/heads/dev")

    def issues(self, *arguments: str) -> Result:
        address = f"{self.sample.server.url}/acme/kalypso-control-plane"
        return run(["issues", *arguments, "-r", address], self._folder)


@pytest.fixture
def on_folder(tmp_path: Path) -> OnFolder:
    return OnFolder(tmp_path)


@pytest.fixture
def on_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnGitHub]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with GitHubServer(tmp_path / "github") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield OnGitHub(server, tmp_path)


@pytest.fixture(params=["on_folder", "on_github"], ids=["local", "github"])
def platform(request: pytest.FixtureRequest) -> Platform:
    """The sample, with a schema that its only assignment breaks."""
    platform: Platform = request.getfixturevalue(request.param)
    platform.commit({"strict.yaml": SCHEMA})
    return platform


@pytest.fixture
def broken(on_github: OnGitHub) -> OnGitHub:
    """The same, where only GitHub will do."""
    on_github.commit({"strict.yaml": SCHEMA})
    return on_github


def fail(platform: Platform, **config: str) -> Settled:
    outcome = settle_after_failure(platform.settings(**config))
    assert outcome.warnings == ()
    return outcome.settled


def test_the_assignment_that_fails_is_found_with_its_errors(on_folder: OnFolder) -> None:
    on_folder.commit({"strict.yaml": SCHEMA})
    found = failed_assignments(request_for(on_folder.settings()))
    assert found
    ((assignment, problems),) = found
    assert assignment.folder == "large/observability-prometheus"
    assert "NOT_THERE" in problems[0].message


def test_it_has_an_issue_while_it_fails(platform: Platform) -> None:
    assert fail(platform) == Settled(opened=(1,))
    assert fail(platform) == Settled()
    listed = platform.issues("list").out
    assert listed == "#1    observability-prometheus on large fails in dev\n"
    shown = platform.issues("show", "1").out
    assert shown.startswith("#1 observability-prometheus on large fails in dev\nopen, opened ")
    assert "NOT_THERE" in shown
    assert "<!--" not in shown


def test_healed_it_is_closed(platform: Platform) -> None:
    fail(platform)
    platform.commit({"strict.yaml": None})
    assert settle_after_success(platform.settings()).settled == Settled(closed=(1,))
    assert platform.issues("list").out == "no open issues\n"
    (issue,) = json.loads(platform.issues("list", "--all", "-o", "json").out)["items"]
    assert issue["state"] == "closed"


def test_what_is_told_says_where_to_look(on_folder: OnFolder, on_github: OnGitHub) -> None:
    for each in (on_folder, on_github):
        each.commit({"strict.yaml": SCHEMA})
    local = settle_after_failure(on_folder.settings())
    assert local.sentences == ("opened issue 1: `kalypso issues show 1`",)
    there = settle_after_failure(on_github.settings())
    page = f"{on_github.sample.server.url}/acme/kalypso-control-plane/issues/1"
    assert there.sentences == (f"opened issue 1: {page}",)


def test_a_model_that_cannot_be_read_leaves_issues_as_they_are(platform: Platform) -> None:
    fail(platform)
    platform.commit({"strict.yaml": None, "broken.yaml": b"kind: [\n"})
    assert fail(platform) == Settled()
    assert "observability-prometheus" in platform.issues("list").out


def test_a_control_plane_that_is_gone_closes_nothing(platform: Platform) -> None:
    fail(platform)
    platform.forget_branch()
    outcome = settle_after_failure(platform.settings())
    assert outcome.settled == Settled()
    assert [warning.code for warning in outcome.warnings] == ["no-branch"]
    assert "observability-prometheus" in platform.issues("list").out


def test_issues_of_people_are_not_listed_with_those_of_assignments(broken: OnGitHub) -> None:
    broken.control_plane.open_issue("A question", "Why?", [], "ada")
    fail_there = settle_after_failure(broken.settings()).settled
    assert fail_there == Settled(opened=(2,))
    assert broken.issues("list").out.startswith("#2 ")
    assert len(json.loads(broken.issues("list", "--all", "-o", "json").out)["items"]) == 1
    assert broken.issues("show", "1").out.startswith("#1 A question\nopen, opened 2026-01-01")


def test_a_stack_may_want_none(platform: Platform) -> None:
    assert fail(platform, issues="false") == Settled()
    assert platform.issues("list", "--all").out == "no issues\n"


def test_before_the_repository_exists_there_is_no_place_for_one(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "forge")
    assert settle_after_success(settings).settled == Settled()
    assert settle_after_failure(settings).settled == Settled()


def test_a_repository_that_there_is_not_is_told(on_folder: OnFolder) -> None:
    found = on_folder.issues("list", "-r", "nothing")
    assert found.code == 2
    assert "[no-repository]" in found.err


def test_a_damaged_issue_is_a_warning_and_no_end_of_a_run(on_folder: OnFolder) -> None:
    on_folder.commit({"strict.yaml": SCHEMA})
    fail(on_folder)
    record = on_folder.forge.path("control-plane") / "issues" / "1.json"
    record.write_text("{}")
    (warning,) = settle_after_success(on_folder.settings()).warnings
    assert (warning.code, warning.severity) == ("damaged-issue", "warning")
    assert "repair the file" in warning.hint
    assert record.read_text() == "{}"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.FORBIDDEN, "denied"),
        (faults.NOT_FOUND, "no-repository"),
        (faults.INVALID, "github-refused"),
    ],
)
def test_a_refusal_is_a_warning_that_says_which_right_is_missing(
    broken: OnGitHub, fault: faults.Fault, code: str
) -> None:
    broken.sample.server.plan = on("POST", "/issues", fault, times=99)
    outcome = settle_after_failure(broken.settings())
    (warning,) = outcome.warnings
    assert (warning.code, warning.severity) == (code, "warning")
    assert warning.message.startswith("the issues about assignments may not be up to date: GitHub")
    assert "issues: write" in warning.hint
    assert outcome.settled == Settled()


def test_a_token_that_may_not_write_issues_stops_no_run(broken: OnGitHub) -> None:
    fail(broken)
    broken.commit({"strict.yaml": None})
    broken.sample.server.grants[WEAK] = Grant(writes=("contents", "pull-requests"))
    outcome = settle_after_success(broken.settings(**{"github.token": WEAK}))
    assert [warning.code for warning in outcome.warnings] == ["denied"]
    assert [issue.state for issue in broken.control_plane.issues.values()] == ["open"]


def test_a_repository_without_issues_stops_no_run(broken: OnGitHub) -> None:
    broken.control_plane.has_issues = False
    (warning,) = settle_after_success(broken.settings()).warnings
    assert "Issues are disabled for this repo" in warning.message
    assert "issues false" in warning.hint


def test_a_busy_server_is_a_warning_with_its_own_way_out(broken: OnGitHub) -> None:
    busy = faults.Fault(status=429, headers={"Retry-After": "3600"})
    broken.sample.server.plan = on("GET", "/issues", busy, times=99)
    (warning,) = settle_after_success(broken.settings()).warnings
    assert warning.code == "unreachable"
    assert "GitHub asks to wait 3600 s" in warning.hint


def test_a_control_plane_of_another_host_has_no_issues_of_ours(broken: OnGitHub) -> None:
    elsewhere = broken.settings(
        **{"repositories.control-plane": "https://git.example.com/acme/control-plane"}
    )
    broken.sample.server.clear()
    assert settle_after_success(elsewhere).settled == Settled()
    assert broken.sample.server.calls == []


def test_without_the_library_it_is_a_warning_too(
    broken: OnGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "kalypso.forge.github.issues", None)
    (warning,) = settle_after_success(broken.settings()).warnings
    assert warning.code == "no-library"
    assert "pip install" in warning.hint
