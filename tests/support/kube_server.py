"""A stand-in Kubernetes API: discovery and lists, with pages, selectors, tokens and faults.

It gives pages of one moment and forgets them on request, as a real one does; refuses who has no
token or lacks a right; and a plan may answer any request badly.
"""

from __future__ import annotations

import copy
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Raw = dict[str, Any]
TOKEN = "t0ken-of-a-person"  # noqa: S105 - of nothing
RESOURCES: Mapping[str, Mapping[str, str]] = {
    "": {"ConfigMap": "configmaps", "Namespace": "namespaces"},
    "apps": {
        "DaemonSet": "daemonsets",
        "Deployment": "deployments",
        "StatefulSet": "statefulsets",
    },
    "batch": {"Job": "jobs"},
    "source.toolkit.fluxcd.io": {
        "GitRepository": "gitrepositories",
        "OCIRepository": "ocirepositories",
    },
    "kustomize.toolkit.fluxcd.io": {"Kustomization": "kustomizations"},
    "helm.toolkit.fluxcd.io": {"HelmRelease": "helmreleases"},
    "argoproj.io": {
        "Application": "applications",
        "ApplicationSet": "applicationsets",
    },
}
VERSIONS: Mapping[str, Sequence[str]] = {
    "apps": ["v1"],
    "batch": ["v1"],
    "source.toolkit.fluxcd.io": ["v1", "v1beta2"],
    "kustomize.toolkit.fluxcd.io": ["v1"],
    "helm.toolkit.fluxcd.io": ["v2"],
    "argoproj.io": ["v1alpha1"],
}


@dataclass(frozen=True)
class Fault:
    """A bad answer to one request."""

    status: int = 200
    body: bytes | None = None
    """None for what would have been answered."""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    """Whether the connection ends after half of the body."""
    seconds: float = 0.0
    """For how long nothing comes."""


Plan = Callable[[str, Mapping[str, str]], Fault | None]


class KubeServer(ThreadingHTTPServer):
    """Serves objects until it is closed; use it as a context."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, objects: Iterable[Raw] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.objects: list[Raw] = list(objects)
        self.versions = {group: list(its) for group, its in VERSIONS.items()}
        self.kinds_of: dict[tuple[str, str], set[str]] = {}
        """Kinds of a group and version, if those are not all of the group."""
        self.largest_page = 500
        self.now = time.time
        self.plan: Plan = lambda *_: None
        self.before: Callable[[str, Mapping[str, str]], None] = lambda *_: None
        """Runs before each answer."""
        self.forbidden: set[str] = set()
        """Plural names of what may not be listed."""
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.authorizations: set[str] = set()
        self._pages: dict[str, list[Raw]] = {}
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

    def forget(self) -> None:
        """Forget all pages: whoever goes on with a list has to begin again."""
        self._pages.clear()

    def paths(self) -> list[str]:
        """Return the paths of all requests, in order."""
        return [path for path, _ in self.requests]

    def context(self, name: str, user: Mapping[str, object] | None = None) -> Raw:
        """Return a kubeconfig with one context for this server."""
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": {"server": self.url}}],
            "users": [{"name": name, "user": dict(user or {"token": TOKEN})}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        }

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, Raw]:
        """Return status and body of an answer."""
        parts = path.strip("/").split("/")
        if parts == ["apis"]:
            groups = [
                {"name": group, "versions": [{"version": each} for each in its]}
                for group, its in self.versions.items()
            ]
            return 200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        group, version, rest = ("", parts[1], parts[2:]) if parts[0] == "api" else (
            parts[1], parts[2], parts[3:]
        )  # fmt: skip
        if group and version not in self.versions.get(group, ()):
            return 404, _status(404, "the server could not find the requested resource")
        kinds = {
            kind: plural
            for kind, plural in RESOURCES[group].items()
            if kind in self.kinds_of.get((group, version), {kind})
        }
        if not rest:
            resources = [
                {"name": plural, "kind": kind, "namespaced": kind != "Namespace", "verbs": ["list"]}
                for kind, plural in kinds.items()
            ]
            status = [{**each, "name": f"{each['name']}/status"} for each in resources]
            return 200, {"kind": "APIResourceList", "resources": resources + status}
        namespace = rest[1] if rest[0] == "namespaces" and len(rest) > 1 else ""
        return self._list(group, version, namespace, rest[-1], kinds, query)

    def _list(  # noqa: PLR0913, PLR0917 - the parts of a path
        self,
        group: str,
        version: str,
        namespace: str,
        plural: str,
        kinds: Mapping[str, str],
        query: Mapping[str, str],
    ) -> tuple[int, Raw]:
        kind = next((each for each, name in kinds.items() if name == plural), None)
        if kind is None:
            return 404, _status(404, "the server could not find the requested resource")
        if plural in self.forbidden:
            user = f'{plural}.{group} is forbidden: User "reader" cannot list resource "{plural}"'
            return 403, _status(403, user)
        token = query.get("continue", "")
        if token:
            if token not in self._pages:
                return 410, _status(410, "The provided continue parameter is too old")
            left = self._pages.pop(token)
        else:
            found = [each for each in self.objects if _is(each, group, version, kind, namespace)]
            left = [copy.deepcopy(each) for each in found if _selected(each, query)]
        size = min(int(query.get("limit", "500")), self.largest_page)
        page, left = left[:size], left[size:]
        metadata: Raw = {"resourceVersion": "4711"}
        if left:
            following = f"{plural}-{len(self.requests)}-{len(left)}"
            self._pages[following] = left
            metadata |= {"continue": following, "remainingItemCount": len(left)}
        api = f"{group}/{version}" if group else version
        built_in = group in {"", "apps", "batch"}
        items = [
            {key: value for key, value in each.items() if not (built_in and key in _ABOUT)}
            for each in page
        ]
        return 200, {
            "kind": f"{kind}List", "apiVersion": api, "metadata": metadata, "items": items
        }  # fmt: skip


_ABOUT = frozenset({"apiVersion", "kind"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one piece
    server: KubeServer

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        self.server.requests.append((path, query))
        self.server.before(path, query)
        given = self.headers.get("Authorization", "")
        self.server.authorizations.add(given)
        if given == f"Bearer {TOKEN}":
            status, found = self.server.answer(path, query)
        else:
            status, found = 401, _status(401, "Unauthorized")
        fault = self.server.plan(path, query) or Fault(status)
        body = json.dumps(found).encode() if fault.body is None else fault.body
        if fault.seconds:
            time.sleep(fault.seconds)
        self.send_response_only(fault.status)
        self.send_header("Date", formatdate(self.server.now(), usegmt=True))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in fault.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(BrokenPipeError):  # whoever asked has given up
            self.wfile.write(body[: len(body) // 2] if fault.cut else body)
            self.wfile.flush()
        self.close_connection = self.close_connection or fault.cut

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
        """Say nothing."""


def _is(each: Raw, group: str, version: str, kind: str, namespace: str) -> bool:
    where = each["metadata"].get("namespace", "")
    api = f"{group}/{version}" if group else version
    same = (each["apiVersion"], each["kind"]) == (api, kind)
    return same and (not namespace or where == namespace)


def _selected(each: Raw, query: Mapping[str, str]) -> bool:
    labels = each["metadata"].get("labels", {})
    label, field = query.get("labelSelector", ""), query.get("fieldSelector", "")
    key, _, name = field.partition("=")
    if field:
        assert key == "metadata.name", field
    return (not label or label in labels) and (not field or each["metadata"]["name"] == name)


def _status(code: int, message: str) -> Raw:
    return {"kind": "Status", "status": "Failure", "code": code, "message": message}
