"""What was fetched is not fetched again; what is damaged is."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, SourceError
from kalypso.git import cache
from kalypso.git.cache import Kind
from kalypso.git.credentials import Credentials
from kalypso.git.read import read_tree
from kalypso.git.refs import resolve
from kalypso.git.remote import Access
from kalypso.git.retry import Patience
from kalypso.git.run import git
from kalypso.git.write import Entry
from tests.git.conftest import Repository
from tests.standins.github import faults
from tests.standins.github.faults import Fault, on
from tests.standins.github.server import TOKEN, GitHubServer

FILES = {"app/a.yaml": b"a: 1\n", "app/deep/b.yaml": b"b: 1\n", "large/film": b"x" * 50_000}


class Source:
    """A repository on a server, and a cache."""

    def __init__(self, server: GitHubServer, folder: Path) -> None:
        self.server, self.address = server, f"{server.url}/acme/app"
        self.repository = Repository(server.add("acme/app").folder)
        self.first = self.repository.commit("main", {**FILES})
        self.access = Access(
            credentials=Credentials({server.url.removeprefix("http://"): TOKEN}),
            patience=Patience(sleep=lambda _: None),
            cache=folder / "cache",
        )

    def read(self, ref: str = "main", path: str = "") -> dict[str, bytes]:
        """Read, and count what was asked meanwhile."""
        return dict(read_tree(self.address, ref, path, self.access).files)

    def fetches(self) -> int:
        """Return how many fetches there were: each posts once or more, after it listed refs."""
        return sum(call.path.endswith("/git-upload-pack") for call in self.server.calls)

    def clones(self) -> list[Path]:
        return sorted(self.access.cache.rglob("*.git"))


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    with GitHubServer(tmp_path / "github") as server:
        yield Source(server, tmp_path)


def test_a_commit_that_was_read_needs_no_network(source: Source) -> None:
    source.read()
    source.server.clear()
    assert source.read(source.first) == FILES
    assert source.server.calls == []


def test_a_branch_that_has_not_moved_is_listed_and_not_fetched(source: Source) -> None:
    source.read()
    source.server.clear()
    assert source.read() == FILES
    assert [call.path for call in source.server.calls] == [
        "/acme/app/info/refs", "/acme/app/git-upload-pack",
    ]  # fmt: skip


def test_a_branch_that_moved_is_read_as_it_is(source: Source) -> None:
    source.read()
    source.repository.commit("main", {"app/a.yaml": b"a: 2\n"}, source.first)
    assert source.read() == {**FILES, "app/a.yaml": b"a: 2\n"}


def test_only_the_folder_that_is_asked_for_is_fetched(source: Source) -> None:
    assert source.read(path="app") == {"a.yaml": b"a: 1\n", "deep/b.yaml": b"b: 1\n"}
    (clone,) = source.clones()
    size = sum(path.stat().st_size for path in clone.rglob("*.pack"))
    assert size < 5_000
    objects = git("cat-file", "--batch-all-objects", "--batch-check", repository=clone).decode()
    assert objects.count(" blob ") == 2


def test_two_folders_of_one_repository_share_its_trees(source: Source) -> None:
    source.read(path="app")
    assert source.read(path="app/deep") == {"b.yaml": b"b: 1\n"}
    assert source.read(path="large") == {"film": b"x" * 50_000}
    assert len(source.clones()) == 1


def test_a_folder_read_before_never_makes_the_whole_incomplete(source: Source) -> None:
    source.read(path="app")
    assert source.read() == FILES
    second = source.repository.commit("main", {"large/film": b"y"}, source.first)
    assert source.read(path="large") == {"film": b"y"}
    assert source.read(second) == {**FILES, "large/film": b"y"}


def test_a_server_that_cannot_leave_anything_out_is_read_all_the_same(source: Source) -> None:
    source.server.settings["uploadpack.allowFilter"] = "false"
    assert source.read(path="app") == {"a.yaml": b"a: 1\n", "deep/b.yaml": b"b: 1\n"}


def test_a_commit_that_is_no_longer_on_a_branch_is_read_while_it_is_there(source: Source) -> None:
    second = source.repository.commit("main", {"app/a.yaml": b"a: 2\n"}, source.first)
    assert source.read(source.first) == FILES
    assert resolve(source.address, second, source.access) == second


def test_many_readers_at_once_fetch_once(source: Source) -> None:
    with ThreadPoolExecutor(6) as pool:
        trees = list(pool.map(lambda _: source.read(source.first), range(6)))
    assert trees == [FILES] * 6
    assert source.fetches() <= 2


def test_runs_of_one_machine_wait_for_each_other(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_WAIT_SECONDS", 0.0)
    first, second = (cache.Clone(source.address, source.access) for _ in range(2))
    with first.lock(), pytest.raises(DeliveryError) as caught, second.lock():
        pass
    assert caught.value.problem.code == "busy"
    with second.lock():
        pass


def test_a_damaged_part_is_fetched_again_and_never_asked_for_piece_by_piece(
    source: Source,
) -> None:
    source.read(path="app")
    (clone,) = source.clones()
    for pack in clone.rglob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(b"PACK" + b"\0" * 40)
    source.server.clear()
    assert source.read(source.first, path="app") == {"a.yaml": b"a: 1\n", "deep/b.yaml": b"b: 1\n"}
    assert source.fetches() <= 6


@pytest.mark.parametrize("damage", ["pack", "head", "config", "shallow.lock", "refs"])
def test_a_damaged_cache_is_thrown_away_and_fetched_again(source: Source, damage: str) -> None:
    source.read()
    (clone,) = source.clones()
    if damage == "pack":
        for pack in clone.rglob("*.pack"):
            pack.chmod(0o644)
            pack.write_bytes(pack.read_bytes()[:-200] + b"\0" * 200)
    elif damage == "head":
        (clone / "HEAD").unlink()
    elif damage == "config":
        (clone / "config").write_text("[core\n")
    elif damage == "refs":
        shutil.rmtree(clone / "objects")
    else:
        (clone / "shallow.lock").write_text("")
        source.repository.commit("main", {"app/a.yaml": b"a: 2\n"}, source.first)
        assert source.read()["app/a.yaml"] == b"a: 2\n"
        return
    assert source.read() == FILES


def test_a_cache_that_has_grown_is_begun_anew(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_MOST_PACKS", 2)
    commit = source.first
    for number in range(6):
        commit = source.repository.commit("main", {"n": b"%d" % number}, commit)
        source.read()
    (clone,) = source.clones()
    assert len(list(clone.rglob("*.pack"))) <= 3


def test_a_fetch_that_is_cut_is_tried_again(source: Source) -> None:
    source.server.plan = on("POST", "/git-upload-pack", faults.CUT, times=2)
    assert source.read() == FILES


@pytest.mark.parametrize("fault", [faults.BROKEN, faults.UNAVAILABLE, faults.TOO_MANY, faults.CUT])
def test_a_server_in_trouble_is_told_by_name_in_the_end(source: Source, fault: Fault) -> None:
    source.server.plan = lambda _: fault
    with pytest.raises(SourceError, match="acme/app") as caught:
        source.read()
    assert caught.value.problem.code == "unreachable"
    assert len(source.server.calls) == 4


@pytest.mark.parametrize(
    ("fault", "code"),
    [(faults.FORBIDDEN, "denied"), (faults.NOT_FOUND, "no-repository")],
)
def test_a_refusal_is_not_asked_again(source: Source, fault: Fault, code: str) -> None:
    source.server.plan = lambda _: fault
    with pytest.raises(SourceError) as caught:
        source.read()
    assert caught.value.problem.code == code
    assert len(source.server.calls) == 1


@pytest.mark.parametrize("fault", [faults.CONFLICT, faults.INVALID, faults.NOT_FOUND])
def test_a_refusal_in_the_middle_of_a_fetch_is_not_asked_again(
    source: Source, fault: Fault
) -> None:
    source.server.plan = on("POST", "/git-upload-pack", fault, times=99)
    with pytest.raises(SourceError, match="acme/app"):
        source.read()
    assert source.fetches() == 1


def test_a_commit_that_is_not_there_is_an_error(source: Source) -> None:
    with pytest.raises(SourceError, match="has no commit 1111"):
        source.read("1" * 40)


def test_a_folder_that_is_not_there_is_an_error(source: Source) -> None:
    with pytest.raises(SourceError, match="there is no folder nowhere"):
        source.read(path="nowhere")


def test_a_cache_folder_that_cannot_be_made_is_an_error(source: Source, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    access = Access(credentials=source.access.credentials, cache=tmp_path / "file" / "cache")
    with pytest.raises(SourceError, match="unwritable-folder"):
        read_tree(source.address, "main", "", access)


def test_only_files_of_the_kind_that_is_asked_for_are_fetched(source: Source) -> None:
    yaml = Kind("yaml", lambda path: path.endswith(".yaml"))
    tree = read_tree(source.address, "main", access=source.access, kind=yaml)
    assert tree.files == {"app/a.yaml": b"a: 1\n", "app/deep/b.yaml": b"b: 1\n"}
    assert source.read() == FILES
    again = read_tree(source.address, "main", access=source.access, kind=yaml)
    assert again == tree
    objects = git("cat-file", "--batch-all-objects", "--batch-check", repository=source.clones()[1])
    assert objects.count(b" blob ") == 2


def test_links_are_named_whatever_the_kind(source: Source) -> None:
    blob = git("rev-parse", f"{source.first}:app/a.yaml", repository=source.repository.folder)
    link = Entry("120000", blob.decode().strip())
    source.repository.commit("main", {"link": link}, source.first)
    none = Kind("none", lambda _: False)
    tree = read_tree(source.address, "main", access=source.access, kind=none)
    assert (tree.files, tree.skipped) == ({}, {"link": "a symbolic link"})
