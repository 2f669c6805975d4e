"""Every call that the stand-in for pulumi-github's plugin makes is as GitHub describes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.provider.values import Properties
from kalypso.errors import DeliveryError
from tests.support.github_plugin import BranchDefault, Client, Repository, RepositoryFile
from tests.support.github_server import TOKEN, GitHubServer
from tests.support.openapi import checking


class Checked(Client):
    """The plugin's client, whose calls go through the proxy that checks them."""

    def __init__(self, server: GitHubServer, proxy: str) -> None:
        super().__init__()
        self.configure({"owner": "acme", "token": TOKEN, "baseUrl": f"{server.url}/"})
        self.api, self.server = proxy, server

    def fill(self, name: str) -> None:
        """Make a repository with a branch, as a first push does."""
        Repository(self).create(repository(name), print)
        found = self.server.find(f"acme/{name}")
        assert found is not None
        tree = found.git("hash-object", "-t", "tree", "-w", "/dev/null")
        found.git("update-ref", "refs/heads/dev", found.git("commit-tree", tree, "-m", "first"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    folder: Path = tmp_path_factory.mktemp("plugin")
    with GitHubServer(folder / "github") as server, checking(server.api, folder) as proxy:
        yield Checked(server, proxy)


def repository(name: str) -> Properties:
    return {
        "name": name, "description": "d", "visibility": "private", "hasIssues": True,
        "hasProjects": False, "hasWiki": False, "autoInit": False, "deleteBranchOnMerge": True,
        "archiveOnDestroy": True,
    }  # fmt: skip


def file(repository: str, content: str) -> Properties:
    # One word: the proxy takes no path of several parts, though GitHub does.
    return {
        "repository": repository, "branch": "dev", "file": "README.md", "content": content,
        "commitMessage": "Deliver README.md", "commitAuthor": "A", "commitEmail": "a@example.com",
        "overwriteOnCreate": True,
    }  # fmt: skip


def test_the_life_of_a_repository_is_as_github_describes_it(client: Checked) -> None:
    kind, inputs = Repository(client), repository("life")
    made = kind.create(inputs, print)
    assert made.state["fullName"] == "acme/life"
    assert kind.update(made.state, {**inputs, "description": "other"}, print)["htmlUrl"]
    assert kind.read("life", made.state, inputs).resource_id == "life"
    kind.delete(made.state)
    assert client.call("GET", "/repos/acme/life")["archived"] is True
    kind.delete({**made.state, "archiveOnDestroy": False})
    assert kind.read("life", made.state, inputs).resource_id == ""


def test_a_repository_of_that_name_is_refused_as_github_does(client: Checked) -> None:
    Repository(client).create(repository("twice"), print)
    with pytest.raises(DeliveryError, match="name already exists on this account"):
        Repository(client).create(repository("twice"), print)


def test_a_default_branch_that_there_is_not_is_refused(client: Checked) -> None:
    Repository(client).create(repository("empty"), print)
    with pytest.raises(DeliveryError, match="422"):
        BranchDefault(client).create({"repository": "empty", "branch": "dev"}, print)


def test_the_life_of_a_file_is_as_github_describes_it(client: Checked) -> None:
    client.fill("files")
    BranchDefault(client).create({"repository": "files", "branch": "dev"}, print)
    kind = RepositoryFile(client)
    made = kind.create(file("files", "one\n"), print)
    state = kind.update(made.state, file("files", "two\n"), print)
    assert kind.read(made.resource_id, state, state).state["content"] == "two\n"
    kind.delete(state)
    assert kind.read(made.resource_id, state, state).resource_id == ""


def test_a_file_that_was_edited_in_between_is_refused(client: Checked) -> None:
    client.fill("edited")
    kind = RepositoryFile(client)
    made = kind.create(file("edited", "one\n"), print)
    kind.update(made.state, file("edited", "theirs\n"), print)
    with pytest.raises(DeliveryError, match="409"):
        kind.update(made.state, file("edited", "ours\n"), print)
    with pytest.raises(DeliveryError, match="409"):
        kind.delete(made.state)


def test_a_branch_that_there_is_not_is_told(client: Checked) -> None:
    client.fill("branches")
    with pytest.raises(DeliveryError, match="no such branch"):
        RepositoryFile(client).create({**file("branches", "x"), "branch": "stage"}, print)
