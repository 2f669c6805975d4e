"""The web server: ``python -m hello_world``.

Environment variables: ``HOST`` (default 127.0.0.1) and ``PORT`` (default 8080) say where to listen;
``VERSION`` and the variables of `hello_world.configuration` are shown on the page.
``PLATFORM_CONFIG`` names the folder in which the platform's values are mounted, if they are.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread

from hello_world.configuration import Configuration
from hello_world.mounted import outdated
from hello_world.page import greeting_page

Resource = tuple[str, bytes]
"""Content type and body."""


def resources(variables: dict[str, str]) -> dict[str, Resource]:
    """Make everything that is served, by path, once: a process never changes its environment."""
    configuration = Configuration.from_environment(variables)
    page = greeting_page(configuration, variables.get("VERSION", "development"))
    style = files("hello_world").joinpath("style.css").read_bytes()
    shown = {"deploymentTarget": configuration.deployment_target, **configuration.platform}
    return {
        "/": ("text/html; charset=utf-8", page.encode()),
        "/style.css": ("text/css; charset=utf-8", style),
        "/config.json": ("application/json", json.dumps(shown, indent=2).encode()),
        "/ready": ("text/plain; charset=utf-8", b"ok\n"),
    }


class Server(ThreadingHTTPServer):
    """A server of resources that are known when it starts."""

    def __init__(self, address: tuple[str, int], variables: dict[str, str]) -> None:
        super().__init__(address, Handler)
        self.served = resources(variables)
        self.variables = variables

    def health(self) -> tuple[HTTPStatus, bytes]:
        """Answer the liveness probe: a process with outdated values has to be started again."""
        changed = outdated(self.variables)
        if changed:
            text = f"the platform changed {', '.join(changed)} since this process was started\n"
            return HTTPStatus.SERVICE_UNAVAILABLE, text.encode()
        return HTTPStatus.OK, b"ok\n"


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the server's resources."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds; a silent client does not keep its thread for ever
    path = ""  # what a request line that cannot be parsed leaves behind

    def version_string(self) -> str:
        """Say nothing about the versions of Python and its library."""
        return "hello-world"

    def do_GET(self) -> None:
        """Answer with the resource at the path; a query is ignored."""
        path, status = self.path.partition("?")[0], HTTPStatus.OK
        found = self.server.served.get(path)
        if path == "/healthz":
            status, answer = self.server.health()
            found = ("text/plain; charset=utf-8", answer)
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content_type, body = found
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        # After a rollout, the next look at the page shows the new one.
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        """Answer like GET, without the body."""
        self.do_GET()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log requests, except the probes that come every few seconds."""
        if self.path not in {"/healthz", "/ready"}:
            super().log_request(code, size)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; return the exit code."""
    variables = dict(os.environ)
    try:
        address = (variables.get("HOST", "127.0.0.1"), int(variables.get("PORT", "8080")))
        server = Server(address, variables)
    except (ValueError, OverflowError, OSError) as error:
        sys.stderr.write(f"hello-world: cannot listen: {error}; check HOST and PORT\n")
        return 2

    def stop(_signal: int, _frame: object) -> None:
        # shutdown() waits for serve_forever, which runs in this very thread.
        Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    host, port = server.server_address[:2]
    sys.stdout.write(f"hello-world: listening on http://{host!s}:{port}\n")
    sys.stdout.flush()  # whoever started us waits for this line
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
