"""Real API servers on one etcd, each with the controllers that end namespaces and owned objects.

No node is there, so no pod runs: objects are kept, checked by their definitions, and deleted as on
any cluster. Everything listens on this machine only.
"""

import base64
import json
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tools.cluster_parts import CLUSTER, built

PROGRAMS = built(CLUSTER)
"""Found now: tests have another cache than whoever built them."""
HOST = "127.0.0.1"
_TOKEN = "admintoken"  # noqa: S105 - of a server that ends with the test
_CONTROLLERS = "namespace-controller,garbage-collector-controller"
_READY_SECONDS = 180
"""After which a server hangs; a machine with much else to do takes half of it."""


@dataclass(frozen=True)
class Api:
    """One API server, as its administrator."""

    name: str
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "certs" / "apiserver.crt"

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Send a request and return the answer; a patch is a merge."""
        patch = "application/merge-patch+json"
        request = urllib.request.Request(  # noqa: S310 - always https
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {_TOKEN}",
                "Content-Type": patch if method == "PATCH" else "application/json",
            },
        )
        context = ssl.create_default_context(cafile=str(self.certificate))
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:  # noqa: S310 - the same
            return json.loads(answer.read() or b"{}") if path != "/readyz" else answer.status

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return an object; None if there is none."""
        try:
            return self.ask("GET", path)
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return None

    def names(self, path: str) -> set[str]:
        """Return the names of the objects of a collection; none if the kind does not exist."""
        found = self.get(path) or {"items": []}
        return {item["metadata"]["name"] for item in found["items"]}

    def secret(self, namespace: str, name: str) -> dict[str, str] | None:
        """Return what a secret holds."""
        found = self.get(f"/api/v1/namespaces/{namespace}/secrets/{name}")
        if found is None:
            return None
        return {
            key: base64.b64decode(text).decode() for key, text in (found.get("data") or {}).items()
        }


@contextmanager
def api_servers(folder: Path, *names: str) -> Iterator[dict[str, Api]]:
    """Run API servers until the end of the block."""
    running: list[subprocess.Popen[bytes]] = []
    (folder / "log").mkdir(parents=True)
    try:
        etcd = _start_etcd(folder, running)
        _make_keys(folder)
        apis = {name: _start_api(folder, name, etcd, running) for name in names}
        for api in apis.values():
            _wait(api, running)
            _start_controllers(folder, api, running)
        yield apis
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait()


def kubeconfig(file: Path, apis: Mapping[str, Api], *, down: str = "") -> None:
    """Write a kubeconfig with a context for each server, and one for a server that is down."""
    servers = {name: (api.url, str(api.certificate)) for name, api in apis.items()}
    if down:
        servers[down] = (f"https://{HOST}:{_free_port()}", next(iter(servers.values()))[1])
    file.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [
                    {"name": name, "cluster": {"server": url, "certificate-authority": certificate}}
                    for name, (url, certificate) in servers.items()
                ],
                "users": [{"name": "admin", "user": {"token": _TOKEN}}],
                "contexts": [
                    {"name": name, "context": {"cluster": name, "user": "admin"}}
                    for name in servers
                ],
            }
        )
    )


def _start(
    folder: Path, name: str, running: list["subprocess.Popen[bytes]"], program: str, *options: str
) -> None:
    with (folder / "log" / f"{name}.log").open("wb") as log:
        command = [str(PROGRAMS / program), *options]
        running.append(
            subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        )


def _start_etcd(folder: Path, running: list["subprocess.Popen[bytes]"]) -> str:
    clients, peers = (f"http://{HOST}:{_free_port()}" for _ in range(2))
    _start(
        folder, "etcd", running, "etcd",
        "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync",
        "--listen-client-urls", clients, "--advertise-client-urls", clients,
        "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
        "--initial-cluster", f"default={peers}",
    )  # fmt: skip
    return clients


def _make_keys(folder: Path) -> None:
    """Write the key that signs service accounts, and the administrator's token."""
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "sa.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "sa.pub").write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    (folder / "tokens.csv").write_text(f'{_TOKEN},admin,admin,"system:masters"\n')


def _start_api(folder: Path, name: str, etcd: str, running: list["subprocess.Popen[bytes]"]) -> Api:
    api = Api(name, folder / name, _free_port())
    _start(
        folder, name, running, "kube-apiserver",
        "--etcd-servers", etcd, "--etcd-prefix", f"/{name}",
        "--bind-address", HOST, "--advertise-address", HOST, "--secure-port", str(api.port),
        "--cert-dir", str(api.certificate.parent), "--service-cluster-ip-range", "10.96.0.0/16",
        "--service-account-key-file", str(folder / "sa.pub"),
        "--service-account-signing-key-file", str(folder / "sa.key"),
        "--service-account-issuer", "https://kubernetes.default.svc",
        "--token-auth-file", str(folder / "tokens.csv"), "--authorization-mode", "RBAC",
        "--endpoint-reconciler-type", "none", "--enable-priority-and-fairness=false",
        "--disable-admission-plugins", "ServiceAccount", "--allow-privileged",
    )  # fmt: skip
    return api


def _start_controllers(folder: Path, api: Api, running: list["subprocess.Popen[bytes]"]) -> None:
    config = api.folder / "kubeconfig"
    kubeconfig(config, {api.name: api})
    document = yaml.safe_load(config.read_text())
    config.write_text(yaml.safe_dump({**document, "current-context": api.name}))
    _start(
        folder, f"{api.name}-controllers", running, "kube-controller-manager",
        "--kubeconfig", str(config), "--leader-elect=false", f"--controllers={_CONTROLLERS}",
        "--bind-address", HOST, "--secure-port", "0",
        "--service-account-private-key-file", str(folder / "sa.key"), "--concurrent-gc-syncs", "2",
    )  # fmt: skip


def _wait(api: Api, running: list["subprocess.Popen[bytes]"]) -> None:
    """Wait until a server answers.

    Raises:
        RuntimeError: It ended, or does not answer; says where its log is.
    """
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and all(process.poll() is None for process in running):
        try:
            if api.certificate.exists() and api.ask("GET", "/readyz") == 200:
                return
        except (OSError, ssl.SSLError):
            pass
        time.sleep(0.2)
    raise RuntimeError(
        f"the API server {api.name} does not answer: see {api.folder.parent / 'log'}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
