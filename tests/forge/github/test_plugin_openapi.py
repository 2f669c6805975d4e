"""What `pulumi-github` asks the stand-in GitHub is answered as GitHub describes it."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.standins.github.described import Described
from tests.standins.github.repository import GitHubRepository
from tests.standins.github.server import TOKEN, GitHubServer

NEW = {
    "description": "d", "visibility": "private", "has_issues": True, "has_projects": False,
    "has_wiki": False, "auto_init": False, "delete_branch_on_merge": True,
    "allow_merge_commit": True, "merge_commit_title": "MERGE_MESSAGE",
}  # fmt: skip
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


@dataclass
class Checked:
    """A client whose calls go through the proxy that checks them and their answers."""

    server: GitHubServer
    proxy: str

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = HTTPConnection(self.proxy.removeprefix("http://"), timeout=60)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status != 500, f"the answer breaks the description: {text}"
        return answer.status, json.loads(text) if text else None

    def make(self, name: str, **more: object) -> GitHubRepository:
        assert self.call("POST", "/orgs/acme/repos", {**NEW, "name": name, **more})[0] == 201
        found = self.server.find(f"acme/{name}")
        assert found is not None
        return found


@pytest.fixture(scope="module")
def client(described: Described) -> Checked:
    described.server.clear()
    return Checked(described.server, described.api)


def file(content: str, **more: str) -> dict[str, object]:
    who = {"name": "A", "email": "a@example.com"}
    text = {"message": "Deliver README.md", "branch": "main", "content": content}
    return {**text, "author": who, "committer": who, **more}


def test_an_owner_is_as_github_describes_it(client: Checked) -> None:
    assert client.call("GET", "/orgs/acme")[1]["login"] == "acme"


def test_the_life_of_a_repository_is_as_github_describes_it(client: Checked) -> None:
    client.make("life")
    status, shown = client.call("PATCH", "/repos/acme/life", {"allow_squash_merge": False})
    assert (status, shown["allow_squash_merge"]) == (200, False)
    assert client.call("GET", "/repos/acme/life")[1]["allow_squash_merge"] is False
    assert client.call("PATCH", "/repos/acme/life", {"archived": True})[0] == 200
    assert client.call("DELETE", "/repos/acme/life")[0] == 204
    assert client.call("GET", "/repos/acme/life")[0] == 404


def test_each_repository_has_a_number_of_its_own(client: Checked) -> None:
    client.make("one")
    client.make("other")
    numbers = {client.call("GET", f"/repos/acme/{name}")[1]["id"] for name in ("one", "other")}
    assert len(numbers) == 2


def test_a_repository_of_that_name_is_refused_as_github_does(client: Checked) -> None:
    client.make("twice")
    status, said = client.call("POST", "/orgs/acme/repos", {**NEW, "name": "twice"})
    assert (status, said["errors"][0]["message"]) == (422, "name already exists on this account")


def test_a_repository_starts_with_a_commit_if_that_is_asked_for(client: Checked) -> None:
    started = client.make("started", auto_init=True)
    status, branch = client.call("GET", "/repos/acme/started/branches/main")
    assert (status, branch["commit"]["sha"]) == (200, started.branches()["main"])
    commit = client.call("GET", f"/repos/acme/started/commits/{branch['commit']['sha']}")[1]
    assert commit["commit"]["message"] == "Initial commit"
    client.make("empty")
    assert client.call("GET", "/repos/acme/empty/branches/main")[0] == 404


def test_a_default_branch_that_does_not_exist_is_refused(client: Checked) -> None:
    client.make("nowhere")
    assert client.call("PATCH", "/repos/acme/nowhere", {"default_branch": "dev"})[0] == 422


def test_the_life_of_a_file_is_as_github_describes_it(client: Checked) -> None:
    client.make("files", auto_init=True)
    at = "/repos/acme/files/contents/README.md"  # one word: the proxy takes no longer path
    status, made = client.call("PUT", at, file("b25lCg=="))
    assert (status, made["content"]["url"].partition("?")[2]) == (201, "ref=main")
    commit = client.call("GET", f"/repos/acme/files/commits/{made['commit']['sha']}")[1]
    assert commit["commit"]["committer"]["name"] == "A"
    assert client.call("PUT", at, file("dHdvCg=="))[0] == 422, "its sha is missing"
    stale = made["content"]["sha"]
    assert client.call("PUT", at, file("dHdvCg==", sha=stale))[0] == 200
    assert client.call("PUT", at, file("bWluZQo=", sha=stale))[0] == 409
    assert client.call("GET", f"{at}?ref=main")[1]["content"] == "dHdvCg=="


def test_a_deploy_key_opens_one_repository_and_no_other(client: Checked) -> None:
    client.make("opened")
    client.make("closed")
    asked = {"title": "drone", "key": f"{KEY} comment", "read_only": True}
    status, key = client.call("POST", "/repos/acme/opened/keys", asked)
    assert (status, key["key"], key["read_only"]) == (201, KEY, True)
    status, said = client.call("POST", "/repos/acme/closed/keys", asked)
    assert (status, said["errors"][0]["message"]) == (422, "key is already in use")
    assert client.call("GET", f"/repos/acme/closed/keys/{key['id']}")[0] == 404
    assert client.call("GET", f"/repos/acme/opened/keys/{key['id']}")[1]["title"] == "drone"
    assert client.call("DELETE", f"/repos/acme/opened/keys/{key['id']}")[0] == 204
    assert client.call("GET", "/repos/acme/opened/keys")[1] == []


def test_text_that_is_not_a_key_is_refused(client: Checked) -> None:
    client.make("keyless")
    asked = {"title": "drone", "key": "AAAAC3NzaC1lZDI1NTE5"}
    assert client.call("POST", "/repos/acme/keyless/keys", asked)[0] == 422


def test_the_life_of_an_environment_is_as_github_describes_it(client: Checked) -> None:
    client.make("staged")
    at = "/repos/acme/staged/environments/dev"
    assert client.call("GET", at)[0] == 404
    assert client.call("PUT", at, {"wait_timer": 0})[1]["name"] == "dev"
    assert client.call("POST", f"{at}/variables", {"name": "WHO", "value": "ada"})[0] == 201
    assert client.call("POST", f"{at}/variables", {"name": "who", "value": "bob"})[0] == 409
    assert client.call("PATCH", f"{at}/variables/WHO", {"value": "bob"})[0] == 204
    assert client.call("GET", f"{at}/variables/WHO")[1]["value"] == "bob"
    assert client.call("DELETE", f"{at}/variables/WHO")[0] == 204
    assert client.call("GET", f"{at}/variables/WHO")[0] == 404
    assert client.call("DELETE", at)[0] == 204


def test_nothing_is_added_to_what_is_archived(client: Checked) -> None:
    client.make("kept")
    client.call("PATCH", "/repos/acme/kept", {"archived": True})
    asked = {"title": "drone", "key": KEY}
    assert client.call("POST", "/repos/acme/kept/keys", asked)[0] == 403
    assert client.call("PUT", "/repos/acme/kept/environments/dev", {"wait_timer": 0})[0] == 403
