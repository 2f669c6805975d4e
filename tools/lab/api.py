"""An API server, asked as its administrator."""

import base64
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tools.lab.programs import HOST

_PATCHES = {"PATCH": "application/merge-patch+json", "APPLY": "application/apply-patch+yaml"}
_SECONDS = 30


class Refused(OSError):
    """A server answered with an error."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code}: {said}")
        self.code, self.said = code, said


@dataclass(frozen=True)
class Api:
    """One API server."""

    name: str
    """Of the cluster, and of its context."""
    folder: Path
    port: int
    token: str

    @property
    def url(self) -> str:
        """Its address on this machine."""
        return f"https://{HOST}:{self.port}"

    @property
    def certificate(self) -> Path:
        """Its certificate, which it made and which vouches for itself."""
        return self.folder / "certs" / "apiserver.crt"

    @property
    def kubeconfig(self) -> Path:
        """A kubeconfig with this cluster only."""
        return self.folder / "kubeconfig"

    def ready(self) -> bool:
        """Return whether it answers."""
        if not self.certificate.exists():
            return False
        try:
            self.ask("GET", "/readyz")
        except (OSError, ssl.SSLError):
            return False
        return True

    def ask(self, method: str, path: str, body: object = None, *, as_user: str = "") -> Any:  # noqa: ANN401 - JSON
        """Send a request and return the answer.

        Args:
            method: Of HTTP; a `PATCH` is a merge, `APPLY` is a server-side apply.
            path: Path and query.
            body: Goes as JSON.
            as_user: Who is impersonated; nobody if it is empty.

        Raises:
            Refused: The server answered with an error.
        """
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": _PATCHES.get(method, "application/json"),
        }
        if as_user:
            headers["Impersonate-User"] = as_user
        request = urllib.request.Request(  # noqa: S310 - always https
            f"{self.url}{path}",
            method="PATCH" if method == "APPLY" else method,
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        context = ssl.create_default_context(cafile=str(self.certificate))
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS, context=context) as answer:  # noqa: S310 - the same
                text = answer.read()
                is_json = "json" in answer.headers.get("Content-Type", "")
                return json.loads(text) if is_json and text else text.decode()
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, error.read().decode(errors="replace")) from None

    def apply(self, path: str, item: object) -> Any:  # noqa: ANN401 - JSON
        """Make an object what it is given as, and return it."""
        return self.ask("APPLY", f"{path}?fieldManager=laboratory&force=true", item)

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return an object; None if there is none."""
        try:
            return self.ask("GET", path)
        except Refused as error:
            if error.code != HTTPStatus.NOT_FOUND:
                raise
            return None

    def names(self, path: str) -> set[str]:
        """Return the names of the objects of a collection; none if the kind does not exist."""
        found = self.get(path) or {"items": []}
        return {item["metadata"]["name"] for item in found["items"]}

    def secret(self, namespace: str, name: str) -> dict[str, str] | None:
        """Return what a secret holds; None if there is none."""
        found = self.get(f"/api/v1/namespaces/{namespace}/secrets/{name}")
        if found is None:
            return None
        return {
            key: base64.b64decode(text).decode() for key, text in (found.get("data") or {}).items()
        }


def write_kubeconfig(file: Path, *apis: Api, elsewhere: str = "") -> None:
    """Write a kubeconfig with a context for each server, as JSON, which is YAML too.

    Args:
        file: Where it goes; only its owner may read it.
        apis: The servers; the first one is the current context.
        elsewhere: Name of a context whose server does not answer; none if it is empty.
    """
    servers = {api.name: api.url for api in apis}
    if elsewhere:
        servers[elsewhere] = f"https://{HOST}:1"
    known = {name: str(apis[0].certificate) for name in servers}
    known |= {api.name: str(api.certificate) for api in apis}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": name,
                "cluster": {"server": url, "certificate-authority": known[name]},
            }
            for name, url in servers.items()
        ],
        "users": [{"name": "admin", "user": {"token": apis[0].token}}],
        "contexts": [
            {"name": name, "context": {"cluster": name, "user": "admin"}} for name in servers
        ],
        "current-context": apis[0].name,
    }
    file.touch(0o600)
    file.write_text(json.dumps(document, indent=2))
