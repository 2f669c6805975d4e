"""The comment on a pull request of GitHub: one for each environment, edited and never doubled."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.workflows.workflows import CONTROL_PLANE, script

COMMENT = script(CONTROL_PLANE / "main/.github/workflows/preview.yaml", "Comment")
MARK = "<!-- kalypso-diff:dev -->"
TOKEN = "c4nary-token"  # noqa: S105  # planted, to be looked for


class GitHub(HTTPServer):
    """Comments of one pull request, as GitHub's REST interface has them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.status = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add(self, body: str, kind: str = "Bot") -> dict[str, Any]:
        number = len(self.comments) + 1
        comment = {"id": number, "body": body, "user": {"type": kind}, "html_url": f"#{number}"}
        self.comments.append(comment)
        return comment


class _Handler(BaseHTTPRequestHandler):
    server: GitHub

    def do_GET(self) -> None:
        page = int(parse_qs(urlsplit(self.path).query)["page"][0])
        self._answer(self.server.comments[(page - 1) * 100 : page * 100])

    def do_POST(self) -> None:
        self._answer(self.server.add(self._body()) if self._allowed() else {})

    def do_PATCH(self) -> None:
        number = int(self.path.rpartition("/")[2])
        comment = self.server.comments[number - 1]
        comment["body"] = self._body()
        self._answer(comment)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        pass

    def _allowed(self) -> bool:
        return self.headers["Authorization"] == f"Bearer {TOKEN}"

    def _body(self) -> str:
        return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

    def _answer(self, content: object) -> None:
        self.server.calls.append(f"{self.command} {urlsplit(self.path).path}")
        status = self.server.status or (200 if self._allowed() else 401)
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def post(github: GitHub, folder: Path, body: str) -> "subprocess.CompletedProcess[str]":
    """Run the step; every command line of curl is noted."""
    (folder / "comment.md").write_text(f"{MARK}\n{body}\n")
    curl = folder / "bin" / "curl"
    curl.parent.mkdir(exist_ok=True)
    real = shutil.which("curl")
    curl.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>"{folder}/lines"\nexec {real} "$@"\n')
    curl.chmod(0o755)
    path = f"{curl.parent}:{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}"
    variables = {
        "GH_TOKEN": TOKEN,
        "GITHUB_API_URL": github.url,
        "GITHUB_REPOSITORY": "acme/control-plane",
        "PULL_REQUEST": "7",
        "OUT": str(folder),
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


def test_the_first_run_makes_a_comment(github: GitHub, tmp_path: Path) -> None:
    done = post(github, tmp_path, 'one "quoted" \\ line')
    assert (done.returncode, done.stdout) == (0, "#1\n")
    assert [c["body"] for c in github.comments] == [f'{MARK}\none "quoted" \\ line\n']


def test_later_runs_edit_it(github: GitHub, tmp_path: Path) -> None:
    post(github, tmp_path, "one")
    post(github, tmp_path, "two")
    assert [c["body"] for c in github.comments] == [f"{MARK}\ntwo\n"]
    assert github.calls[-1] == "PATCH /repos/acme/control-plane/issues/comments/1"


def test_it_is_found_behind_a_hundred_others(github: GitHub, tmp_path: Path) -> None:
    for _ in range(230):
        github.add("talk", "User")
    post(github, tmp_path, "one")
    post(github, tmp_path, "two")
    assert len(github.comments) == 231
    assert github.comments[-1]["body"] == f"{MARK}\ntwo\n"


def test_another_environments_comment_is_left_alone(github: GitHub, tmp_path: Path) -> None:
    github.add("<!-- kalypso-diff:dev-2 -->\nother")
    post(github, tmp_path, "one")
    assert github.comments[0]["body"] == "<!-- kalypso-diff:dev-2 -->\nother"


def test_a_person_who_quotes_it_is_not_edited(github: GitHub, tmp_path: Path) -> None:
    github.add(f"{MARK}\nmine", "User")
    post(github, tmp_path, "one")
    assert [c["body"] for c in github.comments] == [f"{MARK}\nmine", f"{MARK}\none\n"]


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_refusal_fails_the_step(github: GitHub, tmp_path: Path, status: int) -> None:
    github.status = status
    done = post(github, tmp_path, "one")
    assert done.returncode != 0
    assert str(status) in done.stderr


def test_without_a_comment_nothing_is_asked(github: GitHub, tmp_path: Path) -> None:
    post(github, tmp_path, "one")
    calls = len(github.calls)
    (tmp_path / "comment.md").unlink()
    step = COMMENT.replace("kalypso ci github-comment", "echo exit 1")
    subprocess.run(["bash", "-e", "-c", step], env={"OUT": str(tmp_path)}, check=True)
    assert len(github.calls) == calls


def test_the_token_is_in_no_command_line_and_no_output(github: GitHub, tmp_path: Path) -> None:
    done = post(github, tmp_path, "one")
    lines = (tmp_path / "lines").read_text()
    assert "/issues/7/comments" in lines
    assert TOKEN not in lines + done.stdout + done.stderr
