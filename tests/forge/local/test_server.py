"""The embedded forge over HTTP, with git as its client."""

import subprocess
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kalypso.errors import SourceError
from kalypso.forge.local.folder import LocalFolder
from kalypso.forge.local.server import ForgeServer
from kalypso.git.read import read_tree, resolve
from kalypso.git.remote import Access, Remote
from kalypso.git.write import NO_COMMIT, RefMoved, RefUpdate
from tests.delivery.platform import DRONE, START, GitOps


@pytest.fixture
def forge(tmp_path: Path) -> LocalFolder:
    GitOps(tmp_path / "forge" / "kalypso-gitops.git")
    return LocalFolder(tmp_path / "forge")


def served(forge: LocalFolder, *, pushing: bool) -> Iterator[str]:
    with ForgeServer(forge, ("127.0.0.1", 0), pushing=pushing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


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
