"""A stand-in for the plugin `pulumi-resource-github`, with the resources that we declare.

It makes the same REST calls as the real one does for these, so that a run of the engine ends on
the stand-in server. Source: the provider's documentation and its public source.
"""

import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import grpc
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from components.provider.resource import Difference, Kind, Present, Report, Resource
from components.provider.servicer import Context, Servicer
from components.provider.values import Properties, from_wire, text
from kalypso.errors import DeliveryError

VERSION = "6.15.0"


class Client:
    """REST calls with what the engine configured; each configuration is a process of its own."""

    def __init__(self) -> None:
        self.owner, self.api, self._token = "", "", ""

    def configure(self, arguments: Properties) -> None:
        token = arguments.get("token")  # a secret arrives with its value inside
        self._token = str(token["value"]) if isinstance(token, dict) else str(token)
        self.owner = text(arguments, "owner")
        self.api = text(arguments, "baseUrl") + "api/v3"

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        """Make a call; None for 404.

        Raises:
            DeliveryError: GitHub refuses it.
        """
        request = urllib.request.Request(  # noqa: S310 - the address comes from the test
            f"{self.api}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
                told = answer.read()
                return json.loads(told) if told else {}
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            answered = f"{method} {path}: {error.code} {error.read().decode()}"
            raise DeliveryError(answered, code="github") from None


class _Base:
    """What all kinds of resources have in common: inputs are compared, nothing else."""

    identity: tuple[str, ...] = ()

    def __init__(self, client: Client) -> None:
        self._client = client

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        del state
        differ = sorted(k for k in old.keys() | inputs.keys() if old.get(k) != inputs.get(k))
        replaces = tuple(key for key in differ if key in self.identity)
        return Difference(bool(differ), dict.fromkeys(differ, Kind.CHANGED), replaces)

    def _at(self, *parts: str) -> str:
        return "/".join([f"/repos/{self._client.owner}", *map(quote, parts)])


class Repository(_Base):
    inputs = ("name",)
    identity = ("name",)

    def create(self, inputs: Properties, report: Report) -> Present:
        del report
        owner = self._client.owner
        made = self._client.call("POST", f"/orgs/{owner}/repos", _settings(inputs))
        return Present(text(inputs, "name"), _repository(inputs, made), inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        found = self._client.call("GET", self._at(resource_id))
        return Present(resource_id if found else "", state, inputs)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        del report, state
        made = self._client.call("PATCH", self._at(text(inputs, "name")), _settings(inputs))
        return _repository(inputs, made)

    def delete(self, state: Properties) -> None:
        path = self._at(text(state, "name"))
        if state.get("archiveOnDestroy"):
            self._client.call("PATCH", path, {"archived": True})
        else:
            self._client.call("DELETE", path)


class BranchDefault(_Base):
    inputs = ("repository", "branch")
    identity = ("repository",)

    def create(self, inputs: Properties, report: Report) -> Present:
        return Present(text(inputs, "repository"), self.update({}, inputs, report), inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        found = self._client.call("GET", self._at(resource_id))
        return Present(resource_id if found else "", state, inputs)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        del report, state
        path = self._at(text(inputs, "repository"))
        self._client.call("PATCH", path, {"default_branch": text(inputs, "branch")})
        return inputs

    def delete(self, state: Properties) -> None:
        self._client.call("PATCH", self._at(text(state, "repository")), {"default_branch": "main"})


class RepositoryFile(_Base):
    inputs = ("repository", "file", "content")
    identity = ("repository", "file", "branch")

    def create(self, inputs: Properties, report: Report) -> Present:
        there = self._file(inputs)
        if there and not inputs.get("overwriteOnCreate"):
            raise DeliveryError("refusing to overwrite existing file", code="github")
        state = self._put(inputs, there)
        del report
        return Present(f"{text(inputs, 'repository')}/{text(inputs, 'file')}", state, inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        there = self._file(state)
        if there is None:
            return Present("")
        seen = {"content": base64.b64decode(there["content"]).decode()}
        return Present(resource_id, {**state, **seen, "sha": there["sha"]}, {**inputs, **seen})

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        del report
        return self._put(inputs, {"sha": state["sha"]})  # as the state knows it: no other look

    def delete(self, state: Properties) -> None:
        body = {"message": text(state, "commitMessage"), "branch": text(state, "branch")}
        done = self._client.call("DELETE", self._path(state), {**body, "sha": state["sha"]})
        if done is None:
            raise DeliveryError(f"{self._path(state)}: 404 Not Found", code="github")

    def _put(self, inputs: Properties, there: dict[str, Any] | None) -> Properties:
        body: dict[str, object] = {
            "message": text(inputs, "commitMessage"),
            "branch": text(inputs, "branch"),
            "content": base64.b64encode(text(inputs, "content").encode()).decode(),
        }
        if there:
            body["sha"] = there["sha"]
        if inputs.get("commitAuthor"):
            author = {"name": inputs["commitAuthor"], "email": inputs["commitEmail"]}
            body |= {"author": author, "committer": author}
        made = self._client.call("PUT", self._path(inputs), body)
        if made is None:
            raise DeliveryError(f"{self._path(inputs)}: no such branch", code="github")
        return {**inputs, "commitSha": made["commit"]["sha"], "sha": made["content"]["sha"]}

    def _file(self, properties: Properties) -> dict[str, Any] | None:
        path = f"{self._path(properties)}?ref={quote(text(properties, 'branch'))}"
        found: dict[str, Any] | None = self._client.call("GET", path)
        return found

    def _path(self, properties: Properties) -> str:
        return self._at(text(properties, "repository"), "contents", text(properties, "file"))


class GitHubServicer(Servicer):
    """Takes its configuration as arguments, and is not asked to refresh before each run."""

    def __init__(self, client: Client, resources: dict[str, Resource], engine: str) -> None:
        super().__init__(lambda _: resources, dict, VERSION, engine)
        self._client = client

    def Configure(  # noqa: N802 - the name of the call
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        self._client.configure(from_wire(request.args))
        return super().Configure(request, context)

    def Create(  # noqa: N802 - as above
        self, request: provider_pb2.CreateRequest, context: Context
    ) -> provider_pb2.CreateResponse:
        answer = super().Create(request, context)
        answer.refresh_before_update = False
        return answer

    def Update(  # noqa: N802 - as above
        self, request: provider_pb2.UpdateRequest, context: Context
    ) -> provider_pb2.UpdateResponse:
        answer = super().Update(request, context)
        answer.refresh_before_update = False
        return answer

    def Read(  # noqa: N802 - as above
        self, request: provider_pb2.ReadRequest, context: Context
    ) -> provider_pb2.ReadResponse:
        answer = super().Read(request, context)
        answer.refresh_before_update = False
        return answer


def main() -> None:
    """Serve the engine, whose address is the first argument, until it ends."""
    client = Client()
    resources: dict[str, Resource] = {
        "github:index/repository:Repository": Repository(client),
        "github:index/branchDefault:BranchDefault": BranchDefault(client),
        "github:index/repositoryFile:RepositoryFile": RepositoryFile(client),
    }
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    servicer = GitHubServicer(client, resources, sys.argv[1])
    add_ResourceProviderServicer_to_server(servicer, server)
    sys.stdout.write(f"{server.add_insecure_port('127.0.0.1:0')}\n")
    sys.stdout.flush()
    server.start()
    engine = os.getppid()
    while os.getppid() == engine:
        time.sleep(0.2)


def _settings(inputs: Properties) -> dict[str, object]:
    names = {
        "name": "name", "description": "description", "visibility": "visibility",
        "has_issues": "hasIssues", "has_projects": "hasProjects", "has_wiki": "hasWiki",
        "delete_branch_on_merge": "deleteBranchOnMerge", "auto_init": "autoInit",
    }  # fmt: skip
    return {theirs: inputs[ours] for theirs, ours in names.items() if ours in inputs}


def _repository(inputs: Properties, made: dict[str, Any]) -> Properties:
    return {**inputs, "fullName": made["full_name"], "htmlUrl": made["html_url"]}


if __name__ == "__main__":
    main()
