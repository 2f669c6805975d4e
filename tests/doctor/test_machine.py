"""The real surroundings: what programs, Azure and forges answer, and how they fail."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kalypso.doctor import Machine, Unanswered
from kalypso.observation import ManagementApi, Unreachable


class Answers(ThreadingHTTPServer):
    """Answers each path as a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.known: dict[str, tuple[int, Mapping[str, str], bytes]] = {}
        self.asked: list[tuple[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Answers

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization", "")))
        missing: tuple[int, Mapping[str, str], bytes] = (404, {}, b"{}")
        status, headers, body = self.server.known.get(self.path.partition("?")[0], missing)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture
def server() -> Iterator[Answers]:
    with Answers() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def machine(server: Answers | None = None, **environment: str) -> Machine:
    api = ManagementApi(server.url) if server else ManagementApi()
    return Machine(environment, api, lambda: lambda: "t0ken")


def program(folder: Path, name: str, script: str) -> str:
    """Write a program, and return a `PATH` that has it."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return os.pathsep.join([str(folder), os.environ["PATH"]])


def test_programs_are_asked_for_their_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(tmp_path, "pulumi", 'echo "v3.250.0 $1"')
    monkeypatch.setenv("PATH", path)
    assert machine(PATH=path).version("pulumi") == "v3.250.0 version\n"
    assert machine(PATH=path).version("no-such-program-anywhere") is None


def test_packages_are_looked_for_and_not_loaded() -> None:
    assert machine().has_package("yaml")
    assert not machine().has_package("no_such_package_anywhere")


def test_a_folder_that_can_be_made_is_one_that_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert machine().folder_is_writable(str(tmp_path / "state" / "deep"))
    assert not machine().folder_is_writable(str(file / "inside"))


def test_azure_is_asked_with_version_and_filter(server: Answers) -> None:
    server.known["/skus"] = (200, {}, b'{"value": []}')
    assert machine(server).azure("/skus", "2023-07-01", "%24filter=x") == {"value": []}
    assert server.asked == [("/skus?api-version=2023-07-01&%24filter=x", "Bearer t0ken")]
    assert machine(server).azure("/other", "2023-07-01") is None


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            403,
            json.dumps({"error": {"code": "AuthorizationFailed", "message": "no right"}}),
            "Azure answers 403: no right",
        ),
        (500, "<html>", "Azure answers 500"),
        (200, "[]", "Azure answers 200"),
        (200, "{", "Azure answers 200"),
    ],
)
def test_a_refusal_of_azure_is_one_line(
    server: Answers, status: int, body: str, sentence: str
) -> None:
    server.known["/x"] = (status, {}, body.encode())
    with pytest.raises(Unanswered) as caught:
        machine(server).azure("/x", "1")
    assert str(caught.value) == sentence


def test_who_is_not_signed_in_learns_it_in_one_line() -> None:
    def nobody() -> str:
        raise Unreachable("signing in to Azure failed: no account")

    with pytest.raises(Unanswered, match=r"^signing in to Azure failed: no account$"):
        Machine({}, signed_in=lambda: nobody).azure("/x", "1")


@pytest.mark.parametrize(
    ("headers", "scopes"),
    [
        ({"X-OAuth-Scopes": "repo, workflow"}, frozenset({"repo", "workflow"})),
        ({"X-OAuth-Scopes": ""}, None),
        ({}, None),
    ],
)
def test_a_forge_says_what_a_token_may_do_or_nothing(
    server: Answers, headers: dict[str, str], scopes: frozenset[str] | None
) -> None:
    server.known["/user"] = (200, headers, b"{}")
    assert machine().token_scopes(f"{server.url}/user", "ghp") == scopes
    assert server.asked == [("/user", "token ghp")]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(401, "the token is wrong or has expired"), (503, "it answers 503")],
)
def test_a_token_that_is_refused_is_one_line(server: Answers, status: int, sentence: str) -> None:
    server.known["/user"] = (status, {}, b"{}")
    with pytest.raises(Unanswered, match=f"^{sentence}$"):
        machine().token_scopes(f"{server.url}/user", "ghp")


@pytest.mark.parametrize(
    ("repository", "keys", "may"),
    [(200, 200, True), (200, 403, False), (200, 404, False), (404, 404, None), (403, 200, None)],
)
def test_who_may_see_deploy_keys_administers_a_repository(
    server: Answers, repository: int, keys: int, *, may: bool | None
) -> None:
    server.known["/repos/acme/gitops"] = (repository, {}, b"{}")
    server.known["/repos/acme/gitops/keys"] = (keys, {}, b"[]")
    assert machine().may_administer(f"{server.url}/repos/acme/gitops", "ghp") is may


def test_a_repository_about_which_the_forge_does_not_answer_is_one_line(server: Answers) -> None:
    server.known["/repos/acme/gitops"] = (503, {}, b"{}")
    with pytest.raises(Unanswered, match=r"^it answers 503$"):
        machine().may_administer(f"{server.url}/repos/acme/gitops", "ghp")


def test_a_forge_that_is_not_there_is_one_line() -> None:
    with pytest.raises(Unanswered, match="refused"):
        machine().token_scopes("http://127.0.0.1:1/user", "ghp")


def test_a_context_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("apiVersion: v1\nkind: Config\ncontexts: []\n")
    with pytest.raises(Unanswered, match=r"^there is no context 'edge-7' in the kubeconfig$"):
        machine(KUBECONFIG=str(file), HOME=str(tmp_path)).context("edge-7")


def test_a_cluster_is_asked_for_its_version(server: Answers, tmp_path: Path) -> None:
    server.known["/version"] = (200, {}, b'{"gitVersion": "v1.33.5"}')
    file = tmp_path / "config"
    file.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "c", "cluster": {"server": server.url}}],
                "users": [{"name": "u", "user": {"token": "t"}}],
                "contexts": [{"name": "edge-7", "context": {"cluster": "c", "user": "u"}}],
                "current-context": "edge-7",
            }
        )
    )
    assert machine(KUBECONFIG=str(file), HOME=str(tmp_path)).context("edge-7") == "v1.33.5"
