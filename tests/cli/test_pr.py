"""`kalypso pr`: what a person sees and decides, on a forge of their own or on GitHub."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import pytest

from kalypso.cli.form import age
from tests.cli.command import Result, run
from tests.delivery.platform import DRONE, OTHER, Bench, GitOps
from tests.forge.github.platform import REPOSITORY, GitHubGitOps
from tests.standins.github import faults
from tests.standins.github.faults import on
from tests.standins.github.server import TOKEN, GitHubServer


class Person:
    """Somebody in a folder with a forge, and the GitOps repository in it."""

    name = "kalypso-gitops"
    author = "Kalypso"
    opened = "2023-11-14T22:13:20Z"

    def __init__(self, folder: Path, gitops: Bench) -> None:
        self.folder, self.gitops = folder, gitops

    def types(self, *arguments: str) -> Result:
        return run(["pr", *arguments], self.folder)


class PersonOnGitHub(Person):
    """Somebody anywhere, with a token in the environment."""

    name = REPOSITORY
    author = "kalypso-bot"
    opened = "2026-01-01T00:00:00Z"

    def types(self, *arguments: str) -> Result:
        return run(["pr", *arguments, "-r", REPOSITORY], self.folder)


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("KALYPSO_FORGE", "KALYPSO_REPOSITORY", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada\n  email = ada@example.com\n")


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path, GitOps(tmp_path / ".kalypso" / "forge" / "kalypso-gitops.git"))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    with GitHubServer(tmp_path / "github") as server:
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield server


@pytest.fixture
def on_github(server: GitHubServer, tmp_path: Path) -> PersonOnGitHub:
    return PersonOnGitHub(tmp_path, GitHubGitOps(server, tmp_path))


@pytest.fixture(params=["person", "on_github"], ids=["local", "github"])
def anyone(request: pytest.FixtureRequest) -> Person:
    """The same commands do the same on either forge."""
    found: Person = request.getfixturevalue(request.param)
    return found


def test_what_waits_is_listed_with_its_author_its_age_and_its_size(
    anyone: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    anyone.gitops.run(DRONE)
    opened = datetime.fromisoformat(anyone.opened).timestamp()
    monkeypatch.setattr("kalypso.cli.pr.time.time", lambda: opened + 3 * 86_400 + 5)
    head, row = anyone.types("list").out.splitlines()
    assert head.split() == ["ID", "ENVIRONMENT", "TITLE", "AUTHOR", "AGE", "FILES", "LABELS"]
    assert row.startswith("#1   dev           Update")
    assert "Update manifests in dev   " in row
    assert row.split()[-4:] == [anyone.author, "3d", "2", "-"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "<1h"),
        (3_599, "<1h"),
        (3_600, "1h"),
        (86_399, "23h"),
        (86_400, "1d"),
        (800 * 86_400, "2y"),
    ],
)
def test_an_age_is_given_in_whole_units(seconds: int, shown: str) -> None:
    assert age("2026-01-01T00:00:00Z", 1_767_225_600.0 + seconds) == shown


def test_what_is_not_a_moment_has_no_age() -> None:
    assert age("yesterday", 0.0) == "-"


def test_nothing_to_review_is_said(anyone: Person) -> None:
    assert anyone.types("list").out == f"no open pull requests in {anyone.name}\n"


def test_the_list_is_of_one_environment_or_of_all_states(anyone: Person) -> None:
    anyone.gitops.run(DRONE)
    anyone.types("close", "1")
    anyone.gitops.run(OTHER)
    assert anyone.types("list", "-e", "stage").out.startswith("no open pull requests")
    states = [
        p["state"] for p in json.loads(anyone.types("list", "--all", "-o", "json").out)["items"]
    ]
    assert states == ["open", "closed"]


def test_a_pull_request_is_shown_with_its_files_and_without_our_mark(anyone: Person) -> None:
    anyone.gitops.run(DRONE)
    shown = anyone.types("show", "1").out
    assert shown == (
        "#1 Update manifests in dev\n"
        f"open: deployment/dev into dev, opened {anyone.opened}\n"
        "\n"
        "2 files added.\n"
        "\n"
        "- `drone/README.md` added\n"
        "- `drone/app/config.yaml` added\n"
    )


def test_a_pull_request_is_data_for_programs(anyone: Person) -> None:
    anyone.gitops.run({**DRONE, ".github/tracking/Promoted_Commit_Id": "1" * 40})
    shown = json.loads(anyone.types("show", "1", "-o", "json").out)
    assert shown["labels"] == ["promoted"]
    assert shown["headCommit"] == anyone.gitops.refs()["refs/heads/deployment/dev"]
    assert shown["mergeCommit"] is None


def test_a_difference_is_printed_as_git_does(anyone: Person) -> None:
    anyone.gitops.run(DRONE)
    lines = anyone.types("diff", "1").out.splitlines()
    assert "+++ b/drone/app/config.yaml" in lines
    assert "+A: 1" in lines


def test_a_merge_is_signed_by_who_merges(person: Person) -> None:
    person.gitops.run(DRONE)
    person.types("merge", "1")
    log = subprocess.run(
        ["git", "--git-dir", str(person.gitops.folder), "log", "-1", "--format=%an <%ae>", "dev"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert log.stdout == "Ada <ada@example.com>\n"


def test_a_merge_tells_its_commit(anyone: Person) -> None:
    anyone.gitops.run(DRONE)
    told = anyone.types("merge", "1")
    assert told.out == f"merged #1 into dev: {anyone.gitops.refs()['refs/heads/dev']}\n"
    assert anyone.gitops.files("dev") == DRONE


def test_what_opens_it_again_can_be_pasted(on_github: PersonOnGitHub) -> None:
    on_github.gitops.run(DRONE)
    told = on_github.types("close", "1").out
    assert told == f"closed #1; `kalypso pr reopen 1 -r {REPOSITORY}` opens it again\n"


def test_a_repository_on_github_may_be_given_by_a_variable(
    on_github: PersonOnGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_github.gitops.run(DRONE)
    monkeypatch.setenv("KALYPSO_REPOSITORY", REPOSITORY)
    assert run(["pr", "list"], on_github.folder).out.splitlines()[1].startswith("#1   dev")


def test_a_pull_request_of_anybody_is_shown_without_moving_the_cursor(
    on_github: PersonOnGitHub, server: GitHubServer
) -> None:
    on_github.gitops.run(DRONE)
    repository = server.find(REPOSITORY)
    assert repository is not None
    repository.pull(1).body = repository.pull(1).title = "\x1b]0;gone\x07"
    for told in (on_github.types("show", "1").out, on_github.types("list").out):
        assert "gone" in told
        assert "\x1b" not in told


@pytest.mark.parametrize("log", ["", "CI"])
def test_a_difference_of_what_is_no_text_is_printed_too(
    anyone: Person, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if log:
        monkeypatch.setenv(log, "true")
    anyone.gitops.commit("dev", {"drone/menu.txt": b"caf\xe9\n"})
    anyone.gitops.run(DRONE)
    assert "-caf\N{REPLACEMENT CHARACTER}" in anyone.types("diff", "1").out.splitlines()


def test_closing_and_reopening_tell_what_comes_next(anyone: Person) -> None:
    anyone.gitops.run(DRONE)
    assert "kalypso pr reopen 1" in anyone.types("close", "1").out
    assert anyone.gitops.run(DRONE).step == "stay-closed"
    assert anyone.types("reopen", "1").out.startswith("#1 is open; `pulumi up -s dev`")
    assert anyone.gitops.run(DRONE).step == "keep"


def test_the_forge_is_found_from_a_folder_below(person: Person) -> None:
    below = person.folder / "a" / "b"
    below.mkdir(parents=True)
    assert run(["pr", "list"], below).code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "7"], "there is no pull request 7"),
        (["merge", "7"], "there is no pull request 7"),
        (["list", "-r", "acme"], "there is no repository acme"),
        (["list", "-r", "../kalypso-gitops"], "there is no repository ../kalypso-gitops"),
        (["list", "--forge", "/nothing"], "there is no forge in /nothing"),
        (["show", "one"], "'one' is not a valid integer"),
    ],
)
def test_what_is_not_there_is_told_and_exits_with_2(
    person: Person, arguments: list[str], sentence: str
) -> None:
    told = person.types(*arguments)
    assert told.code == 2
    assert sentence in told.err
    assert told.out == ""


def test_two_gitops_repositories_have_to_be_told_apart(person: Person) -> None:
    GitOps(person.folder / ".kalypso" / "forge" / "acme-gitops.git")
    GitOps(person.folder / ".kalypso" / "forge" / "kalypso-app-gitops.git")
    told = person.types("list")
    assert told.code == 2
    assert "it is not clear which repository" in told.err
    assert person.types("list", "-r", "acme-gitops").code == 0


def test_merging_twice_is_told(anyone: Person) -> None:
    anyone.gitops.run(DRONE)
    anyone.types("merge", "1")
    told = anyone.types("merge", "1")
    assert told.code == 2
    assert "pull request 1 is merged already" in told.err


def test_a_folder_without_a_forge_is_told(tmp_path: Path) -> None:
    told = run(["pr", "list"], tmp_path)
    assert told.code == 2
    assert "`make up` makes it" in told.err


def test_on_github_without_a_token_it_says_what_to_set(
    on_github: PersonOnGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    told = on_github.types("list")
    assert told.code == 2
    assert "[no-token]" in told.err
    assert "set GITHUB_TOKEN" in told.err


def test_a_token_that_is_refused_is_told_and_not_shown(
    on_github: PersonOnGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "wr0ng-c4nary")
    told = on_github.types("merge", "1")
    assert told.code == 2
    assert f"GitHub answered 401 for {REPOSITORY}" in told.err
    assert "c4nary" not in told.err


def test_a_server_that_is_away_is_none_of_the_users_faults(
    on_github: PersonOnGitHub, server: GitHubServer
) -> None:
    busy = faults.Fault(status=503, headers={"Retry-After": "3600"})
    server.plan = on("GET", "/pulls", busy, times=99)
    told = on_github.types("list")
    assert told.code == 3
    assert "[unreachable]" in told.err


def test_without_the_library_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kalypso.forge.github.review", None)
    told = run(["pr", "list", "-r", "acme/gitops"], tmp_path)
    assert told.code == 2
    assert "pip install 'kalypso-on-pulumi[github]'" in told.err


@pytest.mark.parametrize("name", ["pr", "issues"])
def test_the_local_forge_loads_nothing_of_github(name: str) -> None:
    script = f"import sys, kalypso.cli.{name}; print({{'githubkit', 'httpx'}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert done.stdout == b"set()\n"


class Terminal(io.StringIO):
    """Output that a person reads."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("lines", "paged"), [(24, False), (1, True)])
def test_on_a_terminal_a_long_pull_request_is_shown_page_by_page(
    person: Person, monkeypatch: pytest.MonkeyPatch, lines: int, *, paged: bool
) -> None:
    person.gitops.run(DRONE)
    pages: list[str] = []
    monkeypatch.setattr(io, "StringIO", Terminal)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", str(lines))
    monkeypatch.setattr(click, "echo_via_pager", pages.append)
    shown = person.types("show", "1").out
    assert ("#1 Update manifests" in shown, len(pages)) == (not paged, int(paged))


@pytest.mark.parametrize(("variable", "paged"), [("cat", False), ("", False), ("less", True)])
def test_a_pager_is_a_choice(
    person: Person, monkeypatch: pytest.MonkeyPatch, variable: str, *, paged: bool
) -> None:
    person.gitops.run(DRONE)
    pages: list[str] = []
    monkeypatch.setattr(io, "StringIO", Terminal)
    monkeypatch.setenv("LINES", "1")
    monkeypatch.setenv("PAGER", "most")
    monkeypatch.setenv("LESS", "S")
    monkeypatch.setenv("KALYPSO_PAGER", variable)
    monkeypatch.setattr(click, "echo_via_pager", pages.append)
    assert bool(person.types("show", "1").out) is not paged
    assert bool(person.types("diff", "1").out) is not paged
    assert len(pages) == 2 * paged
    assert os.environ["LESS"] == "S"
    assert os.environ["PAGER"] == (variable if paged else "most")
