"""A small registry of images, as the distribution specification of OCI describes it.

It keeps blobs and manifests in memory, takes a push, and answers for a digest. With a token it
shows its images to who asks for one with that token only, as private packages do.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PATH = re.compile(r"/v2/(?P<name>.+)/(?P<kind>blobs|manifests)/(?P<what>[^/]*)/?")
_BEARER = "c4nary-bearer"


@dataclass
class Registry:
    """What the registry has, and how it is reached."""

    address: str
    """Host and port: the first part of an image's name."""
    token: str = ""
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Manifest by name and digest, or by name and tag."""

    def digests(self, name: str) -> list[str]:
        """Return the digests of an image, in the order in which they were pushed."""
        return [what for of, what in self.manifests if of == name and what.startswith("sha256:")]


class _Handler(BaseHTTPRequestHandler):
    registry: Registry
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._show()

    def do_GET(self) -> None:
        if self.path.startswith("/token"):
            self._grant()
        else:
            self._show()

    def do_POST(self) -> None:
        found = re.fullmatch(r"/v2/(.+)/blobs/uploads/", self.path)
        self._body()
        if found is None or not self._allowed():
            self._answer(HTTPStatus.NOT_FOUND)
            return
        self._answer(HTTPStatus.ACCEPTED, headers={"Location": f"/v2/{found[1]}/blobs/upload"})

    def do_PUT(self) -> None:
        body, (path, _, query) = self._body(), self.path.partition("?")
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        found = _PATH.fullmatch(path)
        if not self._allowed() or found is None:
            return
        if found["kind"] == "blobs":
            if query != f"digest={digest}":
                self._answer(HTTPStatus.BAD_REQUEST)
                return
            self.registry.blobs[digest] = body
        else:
            manifest = json.loads(body)
            wanted = [manifest["config"], *manifest["layers"]]
            if any(each["digest"] not in self.registry.blobs for each in wanted):
                self._answer(HTTPStatus.BAD_REQUEST)
                return
            for what in (digest, found["what"]):
                self.registry.manifests[found["name"], what] = body
        self._answer(HTTPStatus.CREATED, headers={"Docker-Content-Digest": digest})

    def _show(self) -> None:
        if not self._allowed():
            return
        found = _PATH.fullmatch(self.path)
        body = self.registry.manifests.get((found["name"], found["what"])) if found else None
        if body is None:
            self._answer(HTTPStatus.NOT_FOUND)
        else:
            digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
            self._answer(HTTPStatus.OK, body, {"Docker-Content-Digest": digest})

    def _grant(self) -> None:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        token = base64.b64decode(given).decode().partition(":")[2]
        if token != self.registry.token:
            self._answer(HTTPStatus.UNAUTHORIZED)
        else:
            self._answer(HTTPStatus.OK, json.dumps({"token": _BEARER}).encode())

    def _allowed(self) -> bool:
        if not self.registry.token or self.headers.get("Authorization") == f"Bearer {_BEARER}":
            return True
        realm = f"http://{self.registry.address}/token"
        challenge = f'Bearer realm="{realm}",service="registry",scope="repository:x:pull"'
        self._answer(HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": challenge})
        return False

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _answer(
        self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
        """Say nothing."""


@contextmanager
def serving(token: str = "") -> Iterator[Registry]:
    """Serve a registry until the end of the block."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        registry = Registry(f"127.0.0.1:{server.server_port}", token)
        handler.registry = registry  # type: ignore[attr-defined]  # each server has its own
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield registry
        finally:
            server.shutdown()
            thread.join()
