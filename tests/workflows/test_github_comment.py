"""The comment on a pull request of GitHub: one for each environment, edited and never doubled."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.ci import STEPS, Console
from kalypso.ci.github_comment import github_comment
from kalypso.errors import SettingsError
from tests.standins.github.described import Described
from tests.standins.github.faults import (
    BROKEN,
    CUT,
    HALF,
    LOST,
    SECONDARY_LIMIT,
    TOO_MANY,
    Fault,
    on,
)
from tests.standins.github.repository import LONGEST, Comment, GitHubRepository
from tests.standins.github.server import GitHubServer
from tests.standins.github.tokens import ACTIONS, Grant
from tests.workflows.workflows import CONTROL_PLANE, script

COMMENT = script(CONTROL_PLANE / "main/.github/workflows/preview.yaml", "Comment")
MARK = "<!-- kalypso-diff:dev -->"
REPOSITORY = "acme/control-plane"
TOKEN = "ghs_c4nary0123456789"  # noqa: S105 - planted, to be looked for
NUMBER = 1


class Thread:
    """A pull request on the stand-in GitHub, as far as comments go."""

    def __init__(self, server: GitHubServer, api: str = "") -> None:
        self.server, self.api = server, api or server.api
        self.repository: GitHubRepository = server.add(REPOSITORY)
        self.repository.open_issue("Change", "", [], "ada")
        server.grants[TOKEN] = Grant(repository=REPOSITORY, writes=("pull-requests",))

    @property
    def bodies(self) -> list[str]:
        return [comment.body for comment in self.repository.comments_on(NUMBER)]

    def say(self, body: str, user: str = ACTIONS) -> Comment:
        return self.repository.add_comment(NUMBER, body, user)


@pytest.fixture
def thread(tmp_path: Path) -> Iterator[Thread]:
    with GitHubServer(tmp_path / "github") as server:
        yield Thread(server)


def post(
    thread: Thread, folder: Path, body: str, token: str = TOKEN
) -> "subprocess.CompletedProcess[str]":
    """Run the step; every command line of the programs that it starts is noted."""
    (folder / "comment.md").write_text(f"{MARK}\n{body}\n")
    noted = folder / "bin"
    noted.mkdir(exist_ok=True)
    for name in ("curl", "jq", "kalypso"):
        real = Path(sys.prefix) / "bin" / name if name == "kalypso" else shutil.which(name)
        program = noted / name
        program.write_text(
            f'#!/bin/sh\nprintf "{name} %s\\n" "$*" >>"{folder}/lines"\nexec {real} "$@"\n'
        )
        program.chmod(0o755)
    path = f"{noted}:{os.environ['PATH']}"
    variables = {
        "GH_TOKEN": token,
        "GITHUB_API_URL": thread.api,
        "GITHUB_REPOSITORY": REPOSITORY,
        "PULL_REQUEST": str(NUMBER),
        "OUT": str(folder),
        "PAUSE": "0",
        "PATH": path,
    }
    return subprocess.run(
        ["bash", "-e", "-c", COMMENT],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_first_run_makes_a_comment(thread: Thread, tmp_path: Path) -> None:
    done = post(thread, tmp_path, 'one "quoted" \\ line')
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"/{REPOSITORY}/issues/1#issuecomment-1\n")
    assert thread.bodies == [f'{MARK}\none "quoted" \\ line\n']


def test_later_runs_edit_it(thread: Thread, tmp_path: Path) -> None:
    post(thread, tmp_path, "one")
    post(thread, tmp_path, "two")
    assert thread.bodies == [f"{MARK}\ntwo\n"]
    prefix = f"/api/v3/repos/{REPOSITORY}/issues"
    assert thread.server.writes() == [f"POST {prefix}/1/comments", f"PATCH {prefix}/comments/1"]


def test_every_call_is_as_github_describes_it(described: Described, tmp_path: Path) -> None:
    described.server.clear()
    thread = Thread(described.server, described.api)
    for text in ("one", "two"):
        done = post(thread, tmp_path, text)
        assert done.returncode == 0, done.stderr
    assert thread.bodies == [f"{MARK}\ntwo\n"]
    assert [call.method for call in described.server.calls] == ["GET", "POST", "GET", "PATCH"]


def test_it_is_found_behind_a_hundred_others(thread: Thread, tmp_path: Path) -> None:
    for _ in range(230):
        thread.say("talk", "ada")
    post(thread, tmp_path, "one")
    post(thread, tmp_path, "two")
    assert len(thread.bodies) == 231
    assert thread.bodies[-1] == f"{MARK}\ntwo\n"


def test_another_environments_comment_is_left_alone(thread: Thread, tmp_path: Path) -> None:
    other = "<!-- kalypso-diff:dev-2 -->\nother"
    thread.say(other)
    post(thread, tmp_path, "one")
    assert thread.bodies == [other, f"{MARK}\none\n"]


def test_a_person_who_quotes_it_is_not_edited(thread: Thread, tmp_path: Path) -> None:
    thread.say(f"{MARK}\nmine", "ada")
    post(thread, tmp_path, "one")
    assert thread.bodies == [f"{MARK}\nmine", f"{MARK}\none\n"]


TROUBLES = {
    "500": BROKEN,
    "429": TOO_MANY,
    "a secondary limit": SECONDARY_LIMIT,
    "cut": CUT,
    "half an answer": HALF,
    "lost": LOST,
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_passing_trouble_is_tried_again_and_doubles_nothing(
    thread: Thread, tmp_path: Path, method: str, trouble: str
) -> None:
    thread.server.plan = on(method, "/comments", TROUBLES[trouble])
    done = post(thread, tmp_path, "one")
    assert done.returncode == 0, done.stderr
    assert thread.bodies == [f"{MARK}\none\n"]


def test_a_trouble_that_stays_fails_the_step(thread: Thread, tmp_path: Path) -> None:
    thread.server.plan = on("GET", "/comments", BROKEN, times=9)
    done = post(thread, tmp_path, "one")
    assert done.returncode == 1
    assert "answered 500" in done.stderr
    assert len(thread.server.calls) == 4


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_refusal_fails_the_step(thread: Thread, tmp_path: Path, status: int) -> None:
    thread.server.plan = lambda _: Fault(status=status)
    done = post(thread, tmp_path, "one")
    assert done.returncode == 1
    assert f"answered {status}" in done.stderr
    assert len(thread.server.calls) == 1


def test_a_token_that_may_only_read_fails_the_step(thread: Thread, tmp_path: Path) -> None:
    thread.server.grants["ghs_reads"] = Grant(repository=REPOSITORY)
    done = post(thread, tmp_path, "one", token="ghs_reads")  # noqa: S106 - opens nothing
    assert done.returncode != 0
    assert "403" in done.stderr
    assert thread.bodies == []


def test_what_is_longer_than_a_comment_may_be_is_refused(thread: Thread, tmp_path: Path) -> None:
    done = post(thread, tmp_path, "x" * LONGEST)
    assert done.returncode != 0
    assert "422" in done.stderr


def test_without_a_comment_nothing_is_asked(thread: Thread, tmp_path: Path) -> None:
    post(thread, tmp_path, "one")
    calls = len(thread.server.calls)
    (tmp_path / "comment.md").unlink()
    step = COMMENT.replace("kalypso ci github-comment", "echo exit 1")
    subprocess.run(["bash", "-e", "-c", step], env={"OUT": str(tmp_path)}, check=True)
    assert len(thread.server.calls) == calls


def test_the_token_is_in_no_command_line_and_no_output(thread: Thread, tmp_path: Path) -> None:
    done = post(thread, tmp_path, "one")
    assert thread.bodies == [f"{MARK}\none\n"]
    lines = (tmp_path / "lines").read_text()
    assert lines.splitlines() == ["kalypso ci github-comment", "kalypso ci run github-comment"]
    assert TOKEN not in lines + done.stdout + done.stderr


def test_a_redirect_is_not_followed_with_the_token(thread: Thread, tmp_path: Path) -> None:
    away = {"Location": f"{thread.server.url}/api/v3/elsewhere"}
    thread.server.plan = lambda _: Fault(status=302, headers=away)
    done = post(thread, tmp_path, "one")
    assert done.returncode == 1
    assert "answered 302" in done.stderr
    assert len(thread.server.calls) == 1


@pytest.mark.parametrize(
    "token", ["ghs_c4nary\nX-Evil: 1", "ghs_c4nary\N{LATIN SMALL LETTER U WITH DIAERESIS}"]
)
def test_a_token_that_no_header_can_hold_is_refused_and_not_shown(
    thread: Thread, tmp_path: Path, token: str
) -> None:
    done = post(thread, tmp_path, "one", token=token)
    assert done.returncode == 2
    assert "GH_TOKEN:1:1: error: the value of this variable cannot be used" in done.stderr
    assert "c4nary" not in done.stdout + done.stderr
    assert thread.server.calls == []


def test_a_comment_that_does_not_exist_is_refused_before_github_is_asked(
    thread: Thread, tmp_path: Path
) -> None:
    post(thread, tmp_path, "one")
    calls = len(thread.server.calls)
    environment = {
        "GH_TOKEN": TOKEN, "GITHUB_API_URL": thread.api, "GITHUB_REPOSITORY": REPOSITORY,
        "PULL_REQUEST": "1", "OUT": str(tmp_path / "none"),
    }  # fmt: skip
    with pytest.raises(SettingsError, match="the comment cannot be read"):
        STEPS["github-comment"].run(environment, Console(io.StringIO(), io.StringIO()))
    assert len(thread.server.calls) == calls


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        (BROKEN, [2.0, 4.0, 6.0]),
        (TOO_MANY, [60.0, 60.0, 60.0]),
        (SECONDARY_LIMIT, [60.0, 60.0, 60.0]),
    ],
)
def test_githubs_limits_are_waited_for(
    thread: Thread, tmp_path: Path, fault: Fault, pauses: list[float]
) -> None:
    (tmp_path / "comment.md").write_text(f"{MARK}\none\n")
    thread.server.plan = on("GET", "/comments", fault, times=9)
    environment = {
        "GH_TOKEN": TOKEN, "GITHUB_API_URL": thread.api, "GITHUB_REPOSITORY": REPOSITORY,
        "PULL_REQUEST": "1", "OUT": str(tmp_path),
    }  # fmt: skip
    waited: list[float] = []
    console = Console(io.StringIO(), io.StringIO())
    assert github_comment(environment, console, waited.append) == 1
    assert waited == pauses
