"""A server may send git elsewhere, but not to where only this machine can go."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from kalypso.errors import Position, SourceError
from kalypso.git import GitFailed, git
from kalypso.git.credentials import Credentials
from kalypso.git.redirects import Refused, redirect_of
from kalypso.git.remote import Access, Remote
from kalypso.git.retry import Patience

ADDRESSES = {
    "git.example": ["203.0.113.7", "2a00:1450:4001::7"],
    "public.example": ["8.8.8.8"],
    "other.example": ["8.8.4.4"],
    "inside.example": ["10.1.2.3"],
    "both.example": ["8.8.4.4", "192.168.0.9"],
    "cloud.example": ["169.254.169.254"],
}
"""203.0.113.7 is for documentation, and private as far as Python knows."""


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are found where a test says."""

    def found(host: str, _port: object, **_options: object) -> list[tuple[Any, ...]]:
        if host[:1].isdigit() or ":" in host:
            return [(0, 0, 0, "", (host, 0))]
        if host not in ADDRESSES:
            raise socket.gaierror("no such name")
        return [(0, 0, 0, "", (each, 0)) for each in ADDRESSES[host]]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def ended(location: str) -> GitFailed:
    """Return how git ends when it is sent somewhere."""
    error = GitFailed("The requested URL returned error: 301", Position("git"))
    error.output = (
        f"12:00:00.1 http.c:1: <= Recv header: HTTP/1.1 301 Moved\n"
        f"12:00:00.2 http.c:1: <= Recv header: Location: {location}\n"
        "fatal: unable to access: The requested URL returned error: 301\n"
    )
    return error


TAIL = "/info/refs?service=git-upload-pack"


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://public.example/new" + TAIL, "https://public.example/new"),
        ("https://other.example:8443/a/b.git" + TAIL, "https://other.example:8443/a/b.git"),
        ("/new" + TAIL, "https://public.example/new"),
        ("../b" + TAIL, "https://public.example/a/old/b"),
        ("https://unknown.example/x" + TAIL, "https://unknown.example/x"),
    ],
)
def test_a_repository_that_moved_is_followed(location: str, url: str) -> None:
    found = redirect_of("https://public.example/a/old", ended(location), link_local=False)
    assert found.url == url


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("https://10.0.0.1/x" + TAIL, "10.0.0.1, which is a private address"),
        ("https://127.0.0.1/x" + TAIL, "127.0.0.1, which is a private address"),
        ("https://[::1]/x" + TAIL, "::1, which is a private address"),
        ("https://[fd00::1]/x" + TAIL, "fd00::1, which is a private address"),
        ("https://100.64.0.1/x" + TAIL, "100.64.0.1, which is a private address"),
        ("https://inside.example/x" + TAIL, "inside.example, which is a private address"),
        ("https://both.example/x" + TAIL, "both.example, which is a private address"),
        ("https://169.254.169.254/x" + TAIL, "169.254.169.254, which is link-local"),
        ("https://cloud.example/x" + TAIL, "cloud.example, which is link-local"),
        ("https://metadata.google.internal/x" + TAIL, "metadata.google.internal, which is link-"),
        ("http://other.example/x" + TAIL, "other.example without encryption"),
        ("https://other.example/login", "an address that is not one of a repository"),
        ("https://u:p@other.example/x" + TAIL, "an address that is not one of a repository"),
        ("https://other.example:port/x" + TAIL, "an address that is not one of a repository"),
        ("file:///etc" + TAIL, "an address that is not one of a repository"),
        ("ext::sh" + TAIL, "an address that is not one of a repository"),
    ],
)
def test_git_is_not_led_where_only_this_machine_can_go(location: str, where: str) -> None:
    with pytest.raises(Refused) as refused:
        redirect_of("https://public.example/a", ended(location), link_local=False)
    assert str(refused.value).startswith(where)


@pytest.mark.usefixtures("names")
def test_a_server_of_the_own_network_may_send_git_to_another_one_there() -> None:
    location = ended("https://10.0.0.2/x" + TAIL)
    assert redirect_of("https://inside.example/a", location, link_local=False).url


@pytest.mark.usefixtures("names")
def test_git_goes_to_the_address_that_was_looked_at_and_to_no_other() -> None:
    location = ended("https://other.example/x" + TAIL)
    found = redirect_of("https://public.example/a", location, link_local=False)
    assert found.settings("https://public.example/a") == {
        "url.https://other.example/x.insteadOf": "https://public.example/a",
        "http.curloptResolve": "other.example:443:8.8.4.4",
    }


def test_a_server_that_does_not_say_where_is_refused() -> None:
    error = GitFailed("The requested URL returned error: 302", Position("git"))
    with pytest.raises(Refused, match="somewhere that it does not name"):
        redirect_of("https://public.example/a", error, link_local=False)


class _Moved(BaseHTTPRequestHandler):
    """Sends everybody elsewhere, and notes with which header they came."""

    target = ""
    headers_seen: list[str | None]

    def do_GET(self) -> None:
        self.headers_seen.append(self.headers.get("Authorization"))
        self.send_response(301)
        self.send_header("Location", f"{self.target}{self.path}")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


class _Plain(BaseHTTPRequestHandler):
    """A repository that is served as files."""

    folder: Path
    headers_seen: list[str | None]

    def do_GET(self) -> None:
        self.headers_seen.append(self.headers.get("Authorization"))
        file = self.folder / self.path.partition("?")[0].lstrip("/")
        self.send_response(200 if file.is_file() else 404)
        self.end_headers()
        if file.is_file():
            self.wfile.write(file.read_bytes())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """The addresses of a repository before and after it moved to another server."""
    folder = tmp_path / "served" / "new.git"
    git("init", "--quiet", "--bare", str(folder))
    tree = git("hash-object", "-t", "tree", "-w", "--stdin", repository=folder).decode().strip()
    names = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")
    who = {f"GIT_{name}": "ann" for name in names}
    made = git("commit-tree", tree, "-m", "one", repository=folder, variables=who).decode().strip()
    git("update-ref", "refs/heads/main", made, repository=folder)
    (folder / "info").mkdir(exist_ok=True)
    (folder / "info" / "refs").write_text(f"{made}\trefs/heads/main\n")
    monkeypatch.setattr(_Moved, "headers_seen", [], raising=False)
    monkeypatch.setattr(_Plain, "headers_seen", [], raising=False)
    monkeypatch.setattr(_Plain, "folder", tmp_path / "served", raising=False)
    with ExitStack() as stack:
        addresses = []
        for handler in (_Moved, _Plain):
            server = stack.enter_context(HTTPServer(("127.0.0.1", 0), handler))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            addresses.append(f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setattr(_Moved, "target", addresses[1])
        yield f"{addresses[0]}/new.git", f"{addresses[1]}/new.git"


def test_what_moved_is_read_where_it_is_now(tmp_path: Path, moved: tuple[str, str]) -> None:
    once = Access(cache=tmp_path, patience=Patience(attempts=1))
    remote = Remote(moved[0], once)
    assert list(remote.refs("refs/heads/*")) == ["refs/heads/main"]
    asked = len(_Moved.headers_seen)
    assert list(remote.refs("refs/heads/*")) == ["refs/heads/main"]
    assert len(_Moved.headers_seen) == asked


def test_a_token_is_not_carried_to_another_server(tmp_path: Path, moved: tuple[str, str]) -> None:
    host = moved[0].removeprefix("http://").partition("/")[0]
    access = Access(
        cache=tmp_path, patience=Patience(attempts=1), credentials=Credentials({host: "s3cret"})
    )
    assert Remote(moved[0], access).refs()
    assert all(_Moved.headers_seen)
    assert not any(_Plain.headers_seen)


def test_a_server_that_sends_git_round_in_a_circle_is_left(
    tmp_path: Path, moved: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Moved, "target", moved[0].removesuffix("/new.git"))
    once = Access(cache=tmp_path, patience=Patience(attempts=1))
    with pytest.raises(SourceError, match="returned error: 301"):
        Remote(moved[0], once).refs()
