"""A stand-in Azure: Resource Graph, which answers one query, and configurations by their id.

Another query is a bad request. It pages, throttles, cuts short and forgets, and it leaves out
subscriptions that the caller may not read without saying so, as Azure does.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
GRAPH = "/providers/Microsoft.ResourceGraph/resources"
QUERY = (
    "kubernetesconfigurationresources | where type =~ "
    "'microsoft.kubernetesconfiguration/fluxconfigurations' | project id, name, resourceGroup, "
    "subscriptionId, properties | order by id asc"
)


@dataclass(frozen=True)
class Refusal:
    """A bad answer to one request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    change: Callable[[Json], object] = lambda _: None
    """Changes the body that would have been answered."""
    body: bytes | None = None
    cut: bool = False


class AzureServer(ThreadingHTTPServer):
    """Serves rows until it is closed; use it as a context."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, rows: list[Json]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.rows = rows
        self.live: dict[str, Json] = {}
        """Properties by lower-case id, where Resource Graph lags behind."""
        self.hidden: set[str] = set()
        """Subscriptions that the caller may not read."""
        self.largest_page = 1_000
        self.tokens = {"t1"}
        self.refusals: list[Refusal] = []
        """Of the next requests."""
        self.asked: list[tuple[str, Json]] = []
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

    def graph(self, asked: Json) -> tuple[int, Json]:
        """Answer a query."""
        wanted = {"subscriptions", "query", "options"}
        if " ".join(str(asked.get("query")).split()) != QUERY or asked.keys() != wanted:
            return 400, {"error": {"code": "BadRequest", "message": "this query is not answered"}}
        options, subscriptions = asked["options"], set(asked["subscriptions"])
        if not subscriptions or options.get("resultFormat") != "objectArray":
            return 400, {"error": {"code": "BadRequest", "message": "no scope"}}
        readable = subscriptions - self.hidden
        if not readable:
            return 403, {"error": {"code": "AuthorizationFailed"}}
        rows = [row for row in self.rows if row["subscriptionId"] in readable]
        rows.sort(key=lambda row: str(row["id"]).lower())
        start = int(options.get("$skipToken", "0"))
        end = start + min(int(options["$top"]), self.largest_page)
        page = rows[start:end]
        answer: Json = {
            "totalRecords": len(rows), "count": len(page), "data": page, "facets": [],
            "resultTruncated": "false",
        }  # fmt: skip
        if end < len(rows):
            answer["$skipToken"] = str(end)
        return 200, answer

    def configuration(self, name: str) -> tuple[int, Json]:
        """Answer a question about one configuration."""
        if name.split("/")[2] in self.hidden:
            return 403, {"error": {"code": "AuthorizationFailed"}}
        found = [row for row in self.rows if str(row["id"]).lower() == name.lower()]
        if name.lower() in self.live:
            return 200, {"id": name, "properties": self.live[name.lower()]}
        if not found:
            return 404, {"error": {"code": "ResourceNotFound"}}
        return 200, {"id": name, "properties": found[0]["properties"]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: AzureServer

    def do_POST(self) -> None:
        self._take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_GET(self) -> None:
        self._take({})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
        """Say nothing."""

    def _take(self, asked: Json) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append((parts.path, asked))
        graph = parts.path == GRAPH
        version = parse_qs(parts.query).get("api-version")
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.server.tokens:
            status, found = 401, {"error": {"code": "ExpiredAuthenticationToken"}}
        elif version != ["2024-04-01" if graph else "2025-04-01"]:
            status, found = 400, {"error": {"code": "InvalidApiVersion"}}
        elif graph:
            status, found = self.server.graph(asked)
        else:
            status, found = self.server.configuration(parts.path)
        refusal = self.server.refusals.pop(0) if self.server.refusals else Refusal(status)
        refusal.change(found)
        body = json.dumps(found).encode() if refusal.body is None else refusal.body
        self.send_response_only(refusal.status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in refusal.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if refusal.cut else body)
        self.close_connection = self.close_connection or refusal.cut
