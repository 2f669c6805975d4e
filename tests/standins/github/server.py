"""A stand-in GitHub: bare repositories on disk, git over HTTP, and the REST calls that we use.

It listens like GitHub Enterprise Server: git under ``/OWNER/NAME.git``, REST under
``/api/v3``. It keeps a log of all calls, and a plan may answer any of them badly.
"""

import contextlib
import hashlib
import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from tests.standins.github.answers import Answers, Json
from tests.standins.github.app import StandInApp
from tests.standins.github.faults import Call, Fault, Plan
from tests.standins.github.git_service import SERVICES, Request, serve
from tests.standins.github.repository import GitHubRepository, Refused
from tests.standins.github.routes import CALLER, Routes
from tests.standins.github.tokens import ALL, Grant, token_of

TOKEN = "ghp_canary0123456789abcdefABCDEF012345"  # noqa: S105 - opens nothing
API = "/api/v3"
_GIT = {
    "core.fsync": "none",
    "receive.autogc": "false",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowFilter": "true",
}
_ORGANIZATION = re.compile(f"{API}/orgs/([^/]+)")
_MADE_IN = re.compile(f"{API}/orgs/([^/]+)/repos")
_NUMBERED = re.compile(f"{API}/repositories/(\\d+)(?=/)")


class GitHubServer(ThreadingHTTPServer):
    """Serves repositories until it is closed; use it as a context."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, folder: Path, token: str = TOKEN) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.folder, self.token = folder, token
        self.grants: dict[str, Grant] = {token: Grant(writes=ALL, user="kalypso-bot")}
        self.answers = Answers(self.url)
        self.routes = Routes(self.answers)
        self.app = StandInApp(self.grants, self.answers)
        self.settings = dict(_GIT)
        self.calls: list[Call] = []
        self.plan: Plan = lambda _: None
        self.authorizations: list[str] = []
        self._repositories: dict[str, GitHubRepository] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def api(self) -> str:
        return f"{self.url}{API}"

    def add(self, full_name: str) -> GitHubRepository:
        """Make an empty repository."""
        owner, _, name = full_name.partition("/")
        folder, number = self.folder / owner / f"{name}.git", next(self._numbers)
        made = GitHubRepository(folder, owner, name, number)
        self._repositories[full_name.lower()] = made
        return made

    def find(self, full_name: str) -> GitHubRepository | None:
        """Return a repository; names ignore case and a ``.git``, as on GitHub."""
        return self._repositories.get(full_name.lower().removesuffix(".git"))

    def numbered(self, number: int) -> GitHubRepository | None:
        """Return the repository with a number."""
        return next((each for each in self._repositories.values() if each.number == number), None)

    def remove(self, full_name: str) -> None:
        """Let a repository be gone."""
        del self._repositories[full_name.lower()]

    def clear(self) -> None:
        """Forget the calls so far, and answer well again."""
        self.calls.clear()
        self.plan = lambda _: None

    def writes(self) -> list[str]:
        """Return the calls that may have changed something."""
        return [str(call) for call in self.calls if call.writing]

    def note(self, method: str, path: str, query: str) -> Fault | None:
        """Log a call and ask the plan about it."""
        with self._lock:
            call = Call(len(self.calls) + 1, method, path, query)
            self.calls.append(call)
            return self.plan(call)


class _Handler(BaseHTTPRequestHandler):
    server: GitHubServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        self._take()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Stay quiet: the log is for tests."""

    def _take(self) -> None:
        self.close_connection = True
        parts = urlsplit(self.path)
        body = b"".join(self._body())
        fault = self.server.note(self.command, parts.path, parts.query)
        # A client that was killed, or gave up, is not a fault of the server.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if fault and fault.moment == "before":
                self._answer_badly(fault)
            else:
                status, headers, answer = self._room(parts.path)(parts.path, parts.query, body)
                if fault and not fault.cut_body:
                    self._answer_badly(fault)
                else:
                    self._send(status, headers, answer, cut=fault is not None)

    def _room(self, path: str) -> Callable[[str, str, bytes], tuple[int, Json, bytes]]:
        if self.server.app.takes(path.removeprefix(API)):
            return self._app
        if self.command == "POST" and _MADE_IN.fullmatch(path):
            return self._make
        if self.command == "GET" and _ORGANIZATION.fullmatch(path):
            return self._organization
        return self._answer

    def _app(self, path: str, query: str, body: bytes) -> tuple[int, Json, bytes]:
        del query, body
        given = self.headers.get("Authorization", "")
        self.server.authorizations.append(given)
        return _json(*self.server.app.answer(path.removeprefix(API), given))

    def _answer(self, path: str, query: str, body: bytes) -> tuple[int, Json, bytes]:
        path = self._by_name(path)
        api = path.startswith(f"{API}/repos/")
        names = path.removeprefix(f"{API}/repos").split("/", 3)
        rest = f"/{names[3]}" if len(names) > 3 else ""
        repository = self.server.find("/".join(names[1:3]))
        grant = self._grant(repository, api=api)
        if grant is None:
            return self._unauthorized(api=api)
        if repository is None or not grant.opens(repository.full_name, public=repository.public):
            return _json(404, {"message": "Not Found"})
        if not grant.allows(Call(0, self.command, path), repository.full_name):
            return _json(403, {"message": "Resource not accessible by integration"})
        if api:
            return self._unless_known(*self._rest(repository, rest, query, body, grant.user))
        if rest not in SERVICES:
            return _json(404, {"message": "Not Found"})
        return self._git(repository, rest, query, body)

    def _by_name(self, path: str) -> str:
        """Return the path of a call that names its repository by number as it is by name."""
        found = _NUMBERED.match(path)
        repository = self.server.numbered(int(found[1])) if found else None
        if found is None or repository is None:
            return path
        return f"{API}/repos/{repository.full_name}{path[found.end() :]}"

    def _organization(self, path: str, query: str, body: bytes) -> tuple[int, Json, bytes]:
        del query, body
        if self._grant(api=True) is None:
            return self._unauthorized(api=True)
        return _json(200, self.server.answers.organization(path.rpartition("/")[2]))

    def _make(self, path: str, query: str, body: bytes) -> tuple[int, Json, bytes]:
        del query
        owner, asked = path.split("/")[-2], json.loads(body)
        grant = self._grant(api=True)
        if grant is None or grant.repository:
            return self._unauthorized(api=True)
        if self.server.find(f"{owner}/{asked['name']}"):
            told = {"resource": "Repository", "code": "custom", "field": "name"}
            told["message"] = "name already exists on this account"
            message = "Repository creation failed."
            return _json(422, {"message": message, "errors": [told], **self._documented()})
        made = self.server.add(f"{owner}/{asked['name']}")
        made.about |= {key: asked[key] for key in made.about if key in asked}
        if asked.get("auto_init"):
            made.start()
        return _json(201, self.server.answers.repository(made))

    def _documented(self) -> Json:
        return {"documentation_url": self.server.url}

    def _grant(self, repository: GitHubRepository | None = None, *, api: bool) -> Grant | None:
        """Return what the caller may do; None for who is not known. Git takes passwords only."""
        given = self.headers.get("Authorization", "")
        self.server.authorizations.append(given)
        if not given and repository and repository.public:
            return Grant()  # anybody reads it
        if not (api or given.startswith("Basic ")):
            return None
        return self.server.grants.get(token_of(given))

    def _unauthorized(self, *, api: bool) -> tuple[int, Json, bytes]:
        status, headers, body = _json(401, {"message": "Bad credentials"})
        return status, headers if api else {**headers, "WWW-Authenticate": "Basic"}, body

    def _rest(
        self, repository: GitHubRepository, path: str, query: str, body: bytes, user: str
    ) -> tuple[int, Json, bytes]:
        if self.command == "DELETE" and not path:
            self.server.remove(repository.full_name)
            shutil.rmtree(repository.folder)
            return 204, {}, b""
        given = {**(json.loads(body) if body else {}), CALLER: user}
        try:
            answer = self.server.routes.answer(repository, self.command, path, query, given)
            return (204, {}, b"") if answer[0] == 204 else _json(*answer)
        except Refused as error:
            told: Json = {"message": error.message, **self._documented()}
            if error.status == 422:
                details = {"resource": error.resource, "code": error.code, "field": "head"}
                if error.message:
                    details["message"] = error.message
                told.update(message="Validation Failed", errors=[details])
            return _json(error.status, told)

    def _unless_known(self, status: int, headers: Json, body: bytes) -> tuple[int, Json, bytes]:
        """Mark what is read, and send nothing to a client that has it already."""
        if self.command != "GET" or status != 200:
            return status, headers, body
        mark = f'"{hashlib.sha256(body).hexdigest()}"'
        if self.headers.get("If-None-Match") == mark:
            return 304, {"ETag": mark}, b""
        return status, {**headers, "ETag": mark}, body

    def _git(
        self, repository: GitHubRepository, service: str, query: str, body: bytes
    ) -> tuple[int, Json, bytes]:
        asked = Request(self.command, service, query, self.headers, body)
        return serve(repository.folder, asked, self.server.settings)

    def _answer_badly(self, fault: Fault) -> None:
        time.sleep(fault.seconds)
        if fault.call:
            fault.call()
        if fault.cut:
            self.connection.close()
            return
        status, headers, body = _json(fault.status, {"message": fault.message})
        self._send(status, {**headers, **fault.headers}, body)

    def _send(self, status: int, headers: Json, body: bytes, *, cut: bool = False) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)

    def _body(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))


def _json(status: int, document: Any) -> tuple[int, Json, bytes]:
    return (
        status,
        {"Content-Type": "application/json; charset=utf-8"},
        json.dumps(document).encode(),
    )
