"""A base of another machine, as the commands read it: its commit is held against its branch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.errors import SourceError
from kalypso.loading.sources import NamedRepositories
from kalypso.model.repositories import Pointer
from tests.git.conftest import Repository
from tests.standins.github.server import TOKEN, GitHubServer


class Base:
    """A repository on a server, and what a command reads of it."""

    def __init__(self, server: GitHubServer) -> None:
        self.server = server
        self.repository = Repository(server.add("acme/fleet").folder)
        self.first = self.repository.commit("main", {"a.yaml": b"a: 1\n"})
        self.second = self.repository.commit("main", {"a.yaml": b"a: 2\n"}, self.first)

    def read(self, commit: str = "", branch: str = "main") -> dict[str, bytes]:
        repo = f"{self.server.url}/acme/fleet"
        pointer = Pointer(repo=repo, branch=branch, commit=commit, main_base=True)
        return dict(NamedRepositories().read(pointer).files)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Base]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with GitHubServer(tmp_path / "github") as server:
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_SERVER_URL", server.url)
        yield Base(server)


def test_a_commit_of_the_branch_is_read(base: Base) -> None:
    assert base.read(base.first) == {"a.yaml": b"a: 1\n"}


def test_without_a_commit_no_history_is_fetched(base: Base, tmp_path: Path) -> None:
    assert base.read() == {"a.yaml": b"a: 2\n"}
    assert list(tmp_path.rglob("*.history.git")) == []


def test_a_commit_of_another_branch_is_refused(base: Base) -> None:
    aside = base.repository.commit("aside", {"a.yaml": b"a: 3\n"})
    with pytest.raises(SourceError, match="is not on the branch 'main'") as caught:
        base.read(aside)
    assert caught.value.problem.code == "not-on-branch"


def test_a_branch_that_is_gone_is_told_as_such(base: Base) -> None:
    with pytest.raises(SourceError, match="has no branch gone"):
        base.read(base.first, branch="gone")
