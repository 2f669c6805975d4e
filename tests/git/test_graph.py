"""Histories of repositories of other machines: commits only, and each fetched once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kalypso.errors import SourceError
from kalypso.git import cache
from kalypso.git.credentials import Credentials
from kalypso.git.graph import History
from kalypso.git.remote import Access
from kalypso.git.retry import Patience
from kalypso.git.run import git
from kalypso.git.write import NO_COMMIT, RefUpdate, Signature, update_refs, write_commit
from tests.git.conftest import Repository
from tests.standins.github import faults
from tests.standins.github.faults import Fault, on
from tests.standins.github.server import TOKEN, GitHubServer


class Remote:
    """A repository on a server: three commits on main, one beside them, and a cache."""

    def __init__(self, server: GitHubServer, folder: Path) -> None:
        self.server, self.seconds = server, 1_700_000_000
        self.repository = Repository(server.add("acme/app").folder)
        self.first = self.commit("main", "first")
        self.second = self.commit("main", "second", self.first)
        self.aside = self.commit("aside", "aside")
        self.merged = self.merge("third", self.second, self.aside)
        self.access = Access(
            credentials=Credentials({server.url.removeprefix("http://"): TOKEN}),
            patience=Patience(sleep=lambda _: None),
            cache=folder / "cache",
        )

    def commit(self, branch: str, subject: str, parent: str = "") -> str:
        made = write_commit(
            self.repository.folder,
            parents=[parent] if parent else [],
            changes={f"{subject}.txt": subject.encode() * 5_000},
            message=f"{subject}\n",
            signature=self.signature(),
        )
        self.move(branch, parent or NO_COMMIT, made)
        return made

    def signature(self) -> Signature:
        """Return somebody's name, a second later each time."""
        self.seconds += 1
        return Signature("Ada", "ada@example.com", self.seconds)

    def merge(self, subject: str, *parents: str) -> str:
        made = write_commit(
            self.repository.folder, parents=parents, changes={}, message=f"{subject}\n",
            signature=self.signature(),
        )  # fmt: skip
        self.move("main", parents[0], made)
        return made

    def move(self, branch: str, old: str, new: str) -> None:
        update_refs(self.repository.folder, [RefUpdate(f"refs/heads/{branch}", old, new)])

    @property
    def history(self) -> History:
        """The history, asked by a run of its own."""
        return History(f"{self.server.url}/acme/app", self.access)

    def subjects(self, old: str, new: str, most: int = 10) -> list[str]:
        return [each.subject for each in self.history.since(old, new, most)]

    @property
    def kept(self) -> Path:
        (folder,) = self.access.cache.rglob("*.history.git")
        return folder


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    with GitHubServer(tmp_path / "github") as server:
        yield Remote(server, tmp_path)


def test_ancestors_are_known_without_a_clone(remote: Remote) -> None:
    assert remote.history.is_ancestor(remote.first, remote.merged)
    assert remote.history.is_ancestor(remote.aside, remote.merged)
    assert remote.history.is_ancestor(remote.second, remote.second)
    assert not remote.history.is_ancestor(remote.merged, remote.first)
    assert not remote.history.is_ancestor(remote.first, remote.aside)


def test_no_file_is_fetched_for_a_history(remote: Remote) -> None:
    remote.history.is_ancestor(remote.first, remote.merged)
    objects = git("cat-file", "--batch-all-objects", "--batch-check", repository=remote.kept)
    kinds = [line.split()[1] for line in objects.splitlines()]
    assert kinds == [b"commit"] * 4


def test_a_server_that_cannot_leave_files_out_is_read_all_the_same(remote: Remote) -> None:
    remote.server.settings["uploadpack.allowFilter"] = "false"
    assert remote.history.is_ancestor(remote.first, remote.merged)
    assert remote.subjects(remote.first, remote.merged) == ["aside", "second"]


def test_a_history_that_was_fetched_needs_no_network(remote: Remote) -> None:
    remote.history.is_ancestor(remote.first, remote.merged)
    remote.server.clear()
    assert remote.history.is_ancestor(remote.first, remote.merged)
    assert remote.history.is_ancestor(remote.first, remote.second)
    assert remote.subjects(remote.second, remote.merged) == ["aside"]
    assert remote.server.calls == []


def test_of_a_branch_that_went_on_only_what_is_new_is_fetched(remote: Remote) -> None:
    remote.history.on_branch(remote.first, "main")
    newest = remote.commit("main", "newest", remote.merged)
    assert remote.history.on_branch(newest, "main")
    packs = sorted(path.stat().st_size for path in remote.kept.rglob("*.pack"))
    assert len(packs) == 2
    assert packs[0] < 300


def test_a_branch_holds_what_was_merged_into_it(remote: Remote) -> None:
    assert remote.history.on_branch(remote.aside, "main")
    assert not remote.history.on_branch(remote.second, "aside")


def test_a_commit_that_a_branch_has_left_is_not_on_it(remote: Remote) -> None:
    assert remote.history.on_branch(remote.merged, "main")
    remote.move("main", remote.merged, remote.first)
    assert not remote.history.on_branch(remote.merged, "main")
    assert remote.history.on_branch(remote.first, "main")


def test_a_commit_that_nobody_knows_is_on_no_branch(remote: Remote) -> None:
    assert not remote.history.on_branch("1" * 40, "main")


def test_a_branch_that_is_not_there_is_an_error(remote: Remote) -> None:
    with pytest.raises(SourceError, match="has no branch nowhere"):
        remote.history.on_branch(remote.first, "nowhere")


def test_new_commits_are_listed_newest_first_and_merges_are_left_out(remote: Remote) -> None:
    assert remote.subjects(remote.first, remote.merged) == ["aside", "second"]
    assert remote.subjects(remote.first, remote.merged, most=1) == ["aside"]
    assert remote.subjects(remote.merged, remote.merged) == []


def test_the_newest_commit_alone_needs_no_history(remote: Remote) -> None:
    assert remote.subjects("", remote.second) == ["second"]
    assert list(remote.access.cache.rglob("*.history.git")) == []


def test_a_commit_that_was_thrown_away_is_an_error(remote: Remote) -> None:
    with pytest.raises(SourceError, match="has no commit 1111") as caught:
        remote.history.since("1" * 40, remote.merged, 10)
    assert caught.value.problem.code == "no-branch"


def test_a_damaged_history_is_fetched_again(remote: Remote) -> None:
    remote.history.is_ancestor(remote.first, remote.merged)
    for pack in remote.kept.rglob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(b"PACK" + b"\0" * 40)
    assert remote.history.is_ancestor(remote.first, remote.merged)


def test_a_history_that_takes_too_long_is_given_up_at_once(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_HISTORY_SECONDS", 0.5)
    remote.server.plan = on("GET", "/info/refs", Fault(seconds=2, status=200), times=9)
    with pytest.raises(SourceError, match=r"did not finish within 0\.5 s") as caught:
        remote.history.is_ancestor(remote.first, remote.merged)
    assert caught.value.problem.code == "unreachable"
    assert len(remote.server.calls) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [(faults.BROKEN, "unreachable"), (faults.FORBIDDEN, "denied"), (faults.CUT, "unreachable")],
)
def test_a_history_that_cannot_be_had_is_never_taken_for_a_no(
    remote: Remote, fault: Fault, code: str
) -> None:
    asked: list[Callable[[History], object]] = [
        lambda history: history.is_ancestor(remote.first, remote.merged),
        lambda history: history.on_branch(remote.first, "main"),
        lambda history: history.since(remote.first, remote.merged, 10),
    ]
    for ask in asked:
        remote.server.plan = lambda _: fault
        with pytest.raises(SourceError, match="acme/app") as caught:
            ask(remote.history)
        assert caught.value.problem.code == code


def test_a_folder_has_its_history_itself(repository: Repository) -> None:
    first = repository.commit("main", {"a": b"1"}, message="first\n")
    second = repository.commit("main", {"a": b"2"}, first, "second\n")
    history = History(repository.name)
    assert history.complete
    assert history.on_branch(first, "main")
    assert not history.on_branch("1" * 40, "main")
    assert [each.subject for each in history.since(first, second, 9)] == ["second"]
    with pytest.raises(SourceError, match="has no commit 1111"):
        history.is_ancestor("1" * 40, second)


def test_a_folder_that_was_cloned_without_its_history_says_so(remote: Remote) -> None:
    clone = remote.server.folder.parent / "shallow"
    source = remote.repository.folder.as_uri()
    git("clone", "-q", "--depth=1", source, str(clone), variables={"GIT_ALLOW_PROTOCOL": "file"})
    assert not History(str(clone)).complete
