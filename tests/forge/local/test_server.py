"""The local forge over HTTP, with git as its client."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from time import sleep

import pytest

from kalypso.errors import SourceError
from kalypso.forge.local.folder import LocalFolder
from kalypso.forge.local.server import DEFAULT_LIMITS, ForgeServer, Limits
from kalypso.git import run
from kalypso.git.read import read_tree
from kalypso.git.refs import resolve
from kalypso.git.remote import Access, Remote
from kalypso.git.write import NO_COMMIT, RefMoved, RefUpdate
from tests.delivery.platform import DRONE, START, GitOps
from tests.git.hostile import hostile


@pytest.fixture
def forge(tmp_path: Path) -> LocalFolder:
    GitOps(tmp_path / "forge" / "kalypso-gitops.git")
    return LocalFolder(tmp_path / "forge")


def served(forge: LocalFolder, *, pushing: bool, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    with ForgeServer(forge, ("127.0.0.1", 0), pushing=pushing, limits=limits) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def limited(forge: LocalFolder, limits: Limits) -> Iterator[str]:
    yield from served(forge, pushing=False, limits=limits)


@pytest.fixture
def url(forge: LocalFolder) -> Iterator[str]:
    yield from served(forge, pushing=False)


@pytest.fixture
def pushing_url(forge: LocalFolder) -> Iterator[str]:
    yield from served(forge, pushing=True)


def status(url: str, path: str, host: str | None = None) -> int:
    """Ask for a path exactly as it is written."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers={"Host": host} if host else {})
    answer = connection.getresponse().status
    connection.close()
    return answer


@pytest.mark.parametrize("suffix", ["", ".git"])
def test_a_branch_is_read_over_http(url: str, suffix: str) -> None:
    assert read_tree(f"{url}/kalypso-gitops{suffix}", "dev").files == START


def test_a_commit_is_read_over_http(url: str, forge: LocalFolder) -> None:
    gitops = forge.path("kalypso-gitops")
    first = resolve(str(gitops), "dev")
    assert first is not None
    assert read_tree(f"{url}/kalypso-gitops", first).files == START
    assert resolve(f"{url}/kalypso-gitops", "dev") == first
    assert resolve(f"{url}/kalypso-gitops", "gone") is None
    assert resolve(f"{url}/kalypso-gitops", "1" * 40) is None


def test_what_is_not_there_is_an_error_over_http_too(url: str) -> None:
    with pytest.raises(SourceError, match="has no branch gone"):
        read_tree(f"{url}/kalypso-gitops", "gone")
    with pytest.raises(SourceError, match="cannot be read"):
        read_tree(f"{url}/kalypso-nothing", "dev")
    with pytest.raises(SourceError, match="has no commit 1111"):
        read_tree(f"{url}/kalypso-gitops", "1" * 40)


def test_an_empty_repository_is_an_error_over_http_too(url: str, forge: LocalFolder) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(forge.path("empty"))], check=True)
    with pytest.raises(SourceError, match="empty-repository"):
        read_tree(f"{url}/empty", "dev")


def test_pushing_is_refused_unless_it_is_asked_for(url: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", f"{url}/kalypso-gitops", str(clone)], check=True)
    done = subprocess.run(
        ["git", "-C", str(clone), "push", "-q", "origin", "HEAD:refs/heads/x"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "403" in done.stderr


def test_a_branch_is_pushed_only_from_where_it_was_seen(
    pushing_url: str, forge: LocalFolder, tmp_path: Path
) -> None:
    here = GitOps(tmp_path / "here.git")
    address = f"{pushing_url}/kalypso-gitops"
    new = here.commit("dev", {path: text.encode() for path, text in DRONE.items()})
    Remote(address, Access()).push(here.folder, RefUpdate("refs/heads/new", NO_COMMIT, new))
    assert resolve(str(forge.path("kalypso-gitops")), "new") == new
    other = here.commit("other", {"x": b"1"})
    with pytest.raises(RefMoved):
        Remote(address, Access()).push(here.folder, RefUpdate("refs/heads/new", here.start, other))
    with pytest.raises(RefMoved):
        Remote(address, Access()).push(here.folder, RefUpdate("refs/heads/new", NO_COMMIT, other))
    assert resolve(str(forge.path("kalypso-gitops")), "new") == new
    Remote(address, Access()).push(here.folder, RefUpdate("refs/heads/new", new, NO_COMMIT))
    assert resolve(str(forge.path("kalypso-gitops")), "new") is None


def test_a_large_push_arrives_whole(pushing_url: str, forge: LocalFolder, tmp_path: Path) -> None:
    here = GitOps(tmp_path / "here.git")
    lines = b"".join(b"%d %d\n" % (n, n * n * 7919) for n in range(200_000))  # beyond git's buffer
    new = here.commit("large", {"large.txt": lines})
    address = f"{pushing_url}/kalypso-gitops"
    Remote(address, Access()).push(here.folder, RefUpdate("refs/heads/large", NO_COMMIT, new))
    assert read_tree(str(forge.path("kalypso-gitops")), "large").files["large.txt"] == lines
    assert read_tree(address, "large").files["large.txt"] == lines


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/kalypso-gitops",
        "/../kalypso-gitops.git/HEAD",
        "/kalypso-gitops/../../etc/passwd",
        "/kalypso-gitops/pull-requests/1.json",
        "/kalypso-gitops/config",
        "/%2e%2e/kalypso-gitops/info/refs",
    ],
)
def test_only_what_git_serves_is_served(url: str, path: str) -> None:
    assert status(url, path) in {400, 403, 404}


def test_another_name_for_this_machine_is_refused(url: str) -> None:
    path = "/kalypso-gitops/info/refs?service=git-upload-pack"
    assert status(url, path) == 200
    assert status(url, path, "attacker.example.com") == 403


PULL = "/kalypso-gitops/git-upload-pack"
POST = "Content-Type: application/x-git-upload-pack-request\r\n"


def raw(url: str, text: str | bytes, *, hang_up: bool = False) -> bytes:
    """Send bytes as they are; return the first line of the answer, or nothing."""
    host, port = url.removeprefix("http://").split(":")
    content = text.encode("latin-1") if isinstance(text, str) else text
    with socket.create_connection((host, int(port)), 10) as connection:
        with suppress(OSError):  # the server may be done before all is sent
            connection.sendall(content)
        if hang_up:
            return b""
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            return connection.makefile("rb").readline()
    return b""


def post(headers: str, body: str = "", path: str = PULL, host: str = "127.0.0.1") -> str:
    return f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{POST}{headers}\r\n{body}"


CHUNKED = "Transfer-Encoding: chunked\r\n"
BROKEN = {
    "a chunk of a negative size": (post(CHUNKED, "-1\r\nabc"), b"400"),
    "a chunk of any size": (post(CHUNKED, "F" * 15 + "\r\nabc"), b"400"),
    "a chunk beyond all numbers": (post(CHUNKED, "F" * 40 + "\r\nabc"), b"400"),
    "a chunk with a sign": (post(CHUNKED, "+4\r\nabcd\r\n0\r\n\r\n"), b"400"),
    "a chunk with a prefix": (post(CHUNKED, "0x4\r\nabcd\r\n0\r\n\r\n"), b"400"),
    "a chunk with an underscore": (post(CHUNKED, "1_0\r\n" + "a" * 16 + "\r\n0\r\n\r\n"), b"400"),
    "no chunk": (post(CHUNKED), b"400"),
    "no size": (post(CHUNKED, "zz\r\n"), b"400"),
    "an empty size": (post(CHUNKED, "\r\n"), b"400"),
    "a size without end": (post(CHUNKED, "1" * 100_000), b"400"),
    "a chunk that ends early": (post(CHUNKED, "ff\r\nabc"), b"400"),
    "a chunk that goes on": (post(CHUNKED, "3\r\nabcdef\r\n0\r\n\r\n"), b"400"),
    "no last line": (post(CHUNKED, "3\r\nabc\r\n0\r\n"), b"400"),
    "trailers for ever": (post(CHUNKED, "0\r\n" + "a: b\r\n" * 100), b"400"),
    "a length and chunks": (post(f"{CHUNKED}Content-Length: 4\r\n", "0\r\n\r\n"), b"400"),
    "two lengths": (post("Content-Length: 4\r\nContent-Length: 5\r\n", "abcd"), b"400"),
    "a length that is none": (post("Content-Length: abc\r\n"), b"400"),
    "a negative length": (post("Content-Length: -5\r\n"), b"400"),
    "a length with a sign": (post("Content-Length: +5\r\n", "abcde"), b"400"),
    "digits of another script": (post("Content-Length: \u00b2\r\n"), b"400"),
    "a body that ends early": (post("Content-Length: 1000\r\n", "abc"), b"400"),
    "a length beyond the limit": (post(f"Content-Length: {10**12 - 1}\r\n"), b"413"),
    "no length": (post(""), b"411"),
    "another coding": (post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), b"501"),
    "two codings": (post(f"{CHUNKED}{CHUNKED}", "0\r\n\r\n"), b"501"),
    "a GET body": ("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na", b"404"),
    "a host that is none": ("GET /x HTTP/1.1\r\nHost: [\r\n\r\n", b"403"),
    "a path that is none": ("GET http://[/x HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
    "a NUL in a path": ("GET /kalypso-gitops/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
    "a line break": ("GET /kalypso-gitops/%0a HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
    "a NUL in a header": (post("Content-Length: 0\r\nGit-Protocol: a\0b\r\n"), b"400"),
    "a long header": (post(f"Content-Length: 0\r\nGit-Protocol: {'a' * 5_000}\r\n"), b"400"),
    "two hosts": ("GET /x HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", b"400"),
    "a host behind a user": (post("Content-Length: 0\r\n", host="evil@127.0.0.1"), b"403"),
    "a host before a fragment": (post("Content-Length: 0\r\n", host="127.0.0.1#.evil.com"), b"403"),
    "a longer host": (post("Content-Length: 0\r\n", host="127.0.0.1.evil.com"), b"403"),
    "a query of another kind": (
        "GET /kalypso-gitops/info/refs?service=%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400",
    ),
    "an unknown method": ("BREW /x HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
}  # fmt: skip


def nothing_runs() -> bool:
    """Wait until no git of ours runs any more."""
    for _ in range(500):
        if not run._running:  # noqa: SLF001 - what this is about
            return True
        sleep(0.02)
    return False


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_request_is_refused_and_leaves_nothing(
    how: str, url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    text, expected = BROKEN[how]
    assert raw(url, text).split()[1] == expected
    raw(url, text, hang_up=True)
    assert nothing_runs()
    assert status(url, "/kalypso-gitops/info/refs?service=git-upload-pack") == 200
    assert capfd.readouterr().err == ""


def test_a_body_beyond_the_limit_is_refused_however_it_comes(forge: LocalFolder) -> None:
    for server in limited(forge, Limits(question=1000)):
        assert raw(server, post("Content-Length: 1001\r\n")).split()[1] == b"413"
        chunks = "3e8\r\n" + "a" * 1000 + "\r\n" + "1\r\na\r\n0\r\n\r\n"
        assert raw(server, post(CHUNKED, chunks)).split()[1] == b"413"
        assert nothing_runs()


@pytest.mark.parametrize("limits", [Limits(silence=0.2), Limits(seconds=0.2)])
def test_a_client_that_stalls_is_not_waited_for(forge: LocalFolder, limits: Limits) -> None:
    for server in limited(forge, limits):
        host, port = server.removeprefix("http://").split(":")
        stalled = []
        for text in (post("Content-Length: 1000\r\n", "abc"), post(CHUNKED, "ff\r\n"), "GET /x"):
            connection = socket.create_connection((host, int(port)), 10)
            connection.sendall(text.encode())
            stalled.append(connection)
        for connection in stalled:
            connection.makefile("rb").read()  # returns when the server hangs up
            connection.close()
        assert nothing_runs()


def test_more_requests_than_fit_are_told_to_come_again(forge: LocalFolder) -> None:
    answers: list[bytes] = []
    for server in limited(forge, Limits(requests=2)):
        host, port = server.removeprefix("http://").split(":")
        held = [socket.create_connection((host, int(port)), 10) for _ in range(2)]
        for connection in held:
            connection.sendall(b"GET /x")
        answers = [raw(server, "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(3)]
        for connection in held:
            connection.close()
    assert b"HTTP/1.1 503 Service Unavailable\r\n" in answers


def test_what_a_served_repository_names_is_not_run(forge: LocalFolder, tmp_path: Path) -> None:
    it = hostile(tmp_path, [])
    it.folder.rename(forge.folder / "app.git")
    for server in served(forge, pushing=True):
        clone = tmp_path / "clone"
        subprocess.run(["git", "clone", "-q", f"{server}/app", str(clone)], check=True)
        subprocess.run(
            ["git", "-C", str(clone), "push", "-q", "origin", "HEAD:refs/heads/x"], check=True
        )
    assert not it.marker.exists()


def test_a_repository_that_leads_elsewhere_is_not_served(forge: LocalFolder) -> None:
    (forge.folder / "other.git").mkdir()
    (forge.folder / "other.git" / ".git").write_text("gitdir: ../kalypso-gitops.git\n")
    for server in served(forge, pushing=False):
        assert status(server, "/other/info/refs?service=git-upload-pack") == 403
