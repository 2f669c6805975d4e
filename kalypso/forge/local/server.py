"""The local forge over HTTP: git's own `http-backend` behind a small server.

Clusters and people read repositories under the addresses that manifests name. Pushing is
off unless asked for. While the server listens on this machine only, it answers requests
for this machine only: a page in a browser cannot reach it under another name.

Git ends with its request, whatever becomes of the client: sizes, times and the number of
requests at once are bounded.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, cast

import msgspec

from kalypso.errors import KalypsoError
from kalypso.forge.local.folder import LocalFolder
from kalypso.forge.local.request import (
    Framing,
    Refused,
    Target,
    asks_here,
    body_of,
    framing_of,
    header,
    target_of,
)
from kalypso.git import end, environment, shown_to_git, started

_BLOCK = 64 * 1024
_LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}
_SETTINGS = {"uploadpack.allowReachableSHA1InWant": "true", "http.receivepack": "false"}
_LAST_SECONDS = 5.0
"""How long git may take after its answer."""
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one client may take of the machine."""

    question: int = 16 * 1024 * 1024
    """Bytes of a request that only reads."""
    push: int = 512 * 1024 * 1024
    """Bytes of a request where pushing is allowed."""
    seconds: float = 600.0
    """Of a request with its answer."""
    silence: float = 60.0
    """Seconds that a client may say nothing, or take nothing."""
    requests: int = 100
    """At once."""


DEFAULT_LIMITS = Limits()


class ForgeServer(ThreadingHTTPServer):
    """Serves the repositories of one folder."""

    daemon_threads = True

    def __init__(
        self,
        forge: LocalFolder,
        address: tuple[str, int],
        *,
        pushing: bool = False,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        super().__init__(address, _Handler)
        self.forge, self.limits = forge, limits
        self.only_here = address[0] in _LOOPBACK
        self.settings = {**_SETTINGS, "http.receivepack": str(pushing).lower()}
        self.largest_body = limits.push if pushing else limits.question
        self._free = threading.BoundedSemaphore(limits.requests)

    def process_request(self, request: object, client_address: object) -> None:
        """Answer in a thread of its own, unless too many are being answered."""
        connection = cast("socket.socket", request)
        if not self._free.acquire(blocking=False):
            with suppress(OSError):
                connection.settimeout(1)
                connection.sendall(_BUSY)
            self.shutdown_request(connection)
            return
        try:
            super().process_request(connection, client_address)
        except BaseException:
            self._free.release()
            raise

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Answer, and let the next one in."""
        try:
            super().process_request_thread(cast("socket.socket", request), client_address)
        finally:
            self._free.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away; what we broke keeps its traceback."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(cast("socket.socket", request), client_address)


class _Handler(BaseHTTPRequestHandler):
    server: ForgeServer
    protocol_version = "HTTP/1.1"
    _process: subprocess.Popen[bytes] | None = None

    def setup(self) -> None:
        """Bound the silence of the client."""
        super().setup()
        self.connection.settimeout(self.server.limits.silence)

    def handle(self) -> None:
        """Answer one request, within the time that it may take."""
        clock = threading.Timer(self.server.limits.seconds, self._end)
        clock.daemon = True
        clock.start()
        try:
            super().handle()
        finally:
            clock.cancel()

    def do_GET(self) -> None:
        """Answer what git asks first."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a fetch or take a push."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Stay quiet; errors reach the client."""

    def _answer(self) -> None:
        self.close_connection = True
        try:
            self._serve(self._target(), self._framing())
        except Refused as refused:
            self.send_error(refused.status, refused.why)
        except KalypsoError:  # its owner, or where it leads: not for strangers to know
            self.send_error(HTTPStatus.FORBIDDEN, "this repository is not served")

    def _target(self) -> Target:
        if self.server.only_here and not asks_here(self.headers):
            raise Refused(HTTPStatus.FORBIDDEN, "served for this machine only")
        target = target_of(self.path)
        if target.name not in self.server.forge.names():
            raise Refused(HTTPStatus.NOT_FOUND, "no such repository")
        return target

    def _framing(self) -> Framing:
        return framing_of(self.headers, self.command, self.server.largest_body)

    def _serve(self, target: Target, framing: Framing) -> None:
        handed_on = {
            "GIT_PROTOCOL": header(self.headers, "Git-Protocol"),
            "CONTENT_TYPE": header(self.headers, "Content-Type"),
            "HTTP_CONTENT_ENCODING": header(self.headers, "Content-Encoding"),
        }
        path = self.server.forge.path(target.name)
        with shown_to_git(path, f"{target.name}.git") as folder:
            variables = {
                **environment(self.server.settings),
                **handed_on,
                "GIT_PROJECT_ROOT": str(folder.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": f"/{folder.name}/{target.service}",
                "QUERY_STRING": target.query,
                "REQUEST_METHOD": self.command,
                "REMOTE_ADDR": self.client_address[0],
            }
            with self._body(framing) as body:
                variables["CONTENT_LENGTH"] = str(os.fstat(body.fileno()).st_size)
                with started("http-backend", stdin=body, variables=variables) as process:
                    self._process = process
                    if process.stdout is None:
                        raise AssertionError("unreachable: it is a pipe")
                    self._pass_on(process.stdout)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(_LAST_SECONDS)  # to close what it has written

    @contextmanager
    def _body(self, framing: Framing) -> Iterator[IO[bytes]]:
        """Receive the whole body before git is started, which then waits for nobody."""
        with tempfile.TemporaryFile() as body:
            for block in body_of(self.rfile, framing, self.server.largest_body):
                body.write(block)
            body.seek(0)
            yield body

    def _pass_on(self, answer: IO[bytes]) -> None:
        headers = []
        for line in iter(answer.readline, b""):
            text = line.decode("latin-1").strip()
            if not text:
                break
            headers.append(text.split(": ", 1))
        if not headers:
            raise Refused(HTTPStatus.BAD_REQUEST, "git ended without an answer")
        status = next((value for key, value in headers if key == "Status"), "200 OK")
        self.send_response_only(int(status.split()[0]))
        for key, value in headers:
            if key != "Status":
                self.send_header(key, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while block := answer.read(_BLOCK):
            self.wfile.write(block)

    def _end(self) -> None:
        """End a request that takes too long: its client, and its git."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        if self._process:
            end(self._process)
