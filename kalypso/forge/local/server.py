"""The embedded forge over HTTP: git's own `http-backend` behind a small server.

Clusters and people read repositories under the addresses that manifests name. Pushing is
off unless asked for. While the server listens on this machine only, it answers requests
for this machine only: a page in a browser cannot reach it under another name.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO
from urllib.parse import unquote, urlsplit

from kalypso.forge.local.folder import LocalFolder
from kalypso.git import environment

_BLOCK = 64 * 1024
_LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}
_SETTINGS = {"uploadpack.allowReachableSHA1InWant": "true", "http.receivepack": "false"}


class ForgeServer(ThreadingHTTPServer):
    """Serves the repositories of one folder."""

    daemon_threads = True

    def __init__(
        self, forge: LocalFolder, address: tuple[str, int], *, pushing: bool = False
    ) -> None:
        super().__init__(address, _Handler)
        self.forge = forge
        self.only_here = address[0] in _LOOPBACK
        self.settings = {**_SETTINGS, "http.receivepack": str(pushing).lower()}


class _Handler(BaseHTTPRequestHandler):
    server: ForgeServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer what git asks first."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a fetch or take a push."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        """Stay quiet; errors reach the client."""

    def _answer(self) -> None:
        self.close_connection = True
        parts = urlsplit(self.path)
        name, _, service = unquote(parts.path).lstrip("/").partition("/")
        name = name.removesuffix(".git")
        if self.server.only_here and not self._asked_here():
            self.send_error(HTTPStatus.FORBIDDEN, "served for this machine only")
        elif name not in self.server.forge.names() or not service or ".." in service:
            self.send_error(HTTPStatus.NOT_FOUND, "no such repository")
        else:
            self._run(f"/{name}.git/{service}", parts.query)

    def _asked_here(self) -> bool:
        return urlsplit(f"//{self.headers.get('Host', '')}").hostname in _LOOPBACK

    def _run(self, path: str, query: str) -> None:
        variables = {
            **environment(self.server.settings),
            "GIT_PROJECT_ROOT": str(self.server.forge.folder.resolve()),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_ADDR": self.client_address[0],
        }
        if "Content-Length" in self.headers:
            variables["CONTENT_LENGTH"] = self.headers["Content-Length"]
        with subprocess.Popen(
            ["git", "http-backend"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=variables,
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise AssertionError("unreachable: both are pipes")
            feeder = threading.Thread(target=self._feed, args=(process.stdin,), daemon=True)
            feeder.start()
            try:
                self._pass_on(process.stdout)
            except (BrokenPipeError, ConnectionResetError):
                process.kill()
            feeder.join()

    def _feed(self, to: IO[bytes]) -> None:
        try:
            to.writelines(self._body())
            to.close()
        except (OSError, ValueError):  # git or the client went away: there is nobody to tell
            return

    def _body(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            return
        left = int(self.headers.get("Content-Length") or 0)
        while left > 0:
            block = self.rfile.read(min(left, _BLOCK))
            if not block:
                return
            left -= len(block)
            yield block

    def _pass_on(self, answer: IO[bytes]) -> None:
        headers = []
        for line in iter(answer.readline, b""):
            text = line.decode("latin-1").strip()
            if not text:
                break
            headers.append(text.split(": ", 1))
        status = next((value for key, value in headers if key == "Status"), "200 OK")
        self.send_response_only(int(status.split()[0]))
        for key, value in headers:
            if key != "Status":
                self.send_header(key, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while block := answer.read(_BLOCK):
            self.wfile.write(block)
