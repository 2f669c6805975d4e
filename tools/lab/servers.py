"""etcd, API servers and the controllers of a cluster: each cluster has a part of one etcd.

Namespaces end, owned objects go with their owners, secrets of service accounts get their token, and
Deployments make pods. With nodes, a scheduler gives pods a place; kwok, which plays the nodes, says
that they run.
"""

import os
import secrets
import subprocess
from functools import partial
from pathlib import Path

from tools.cluster_manifests import manifests
from tools.cluster_parts import CLUSTER, KWOK, built
from tools.console import Stop
from tools.lab.api import Api, write_kubeconfig
from tools.lab.programs import HOST, Programs

_CLUSTER, _KWOK, _STAGES = built(CLUSTER), built(KWOK), manifests() / "stages.yaml"
"""Found now: tests have another cache than whoever built them."""
_READY_SECONDS = 180
"""After which a server hangs; a machine with much else to do takes half of it."""
_GRACE = "24h"
"""Nodes that are played miss heartbeats on a busy machine, and are no less ready for it."""
_PACE = ("--kube-api-qps", "200", "--kube-api-burst", "400")
"""Ending a namespace asks for every kind in it: at the usual 20 a second, 300 take 15 minutes."""
_ONE_THREAD = {"GOMAXPROCS": "1"}
"""For kwok: as it starts, its workers write into one map (easycel 0.6.0) without a lock."""
_OWNERS = (
    "namespace-controller,garbage-collector-controller,clusterrole-aggregation-controller,"
    "serviceaccount-token-controller"
)
_WORKLOADS = (
    "deployment-controller,replicaset-controller,endpointslice-controller,"
    "node-lifecycle-controller,disruption-controller"
)


def start_servers(programs: Programs, *names: str, nodes: bool = False) -> dict[str, Api]:
    """Start clusters and wait until they answer.

    Args:
        programs: Where they run.
        names: Of the clusters.
        nodes: Whether each has a node, on which pods become ready.

    Raises:
        Stop: A server does not start.
    """
    token = _make_keys(programs.folder)
    _start_etcd(programs)
    apis = {name: Api(name, programs.folder / name, programs.port(name), token) for name in names}
    for api in apis.values():
        start_api(programs, api)
    for api in apis.values():
        wait_for(programs, api)
        write_kubeconfig(api.kubeconfig, api)
        start_controllers(programs, api, nodes=nodes)
    for api in apis.values() if nodes else ():
        what = f"waiting for the node of {api.name}"
        programs.wait(
            partial(_node_is_ready, api), what, f"{api.name}-nodes", seconds=_READY_SECONDS
        )
    return apis


def wait_for(programs: Programs, api: Api) -> None:
    """Wait until a server answers.

    Raises:
        Stop: The server ended, or does not answer.
    """
    what = f"waiting for the API server of {api.name}"
    programs.wait(api.ready, what, "etcd", api.name, seconds=_READY_SECONDS)


def start_api(programs: Programs, api: Api) -> None:
    """Start the API server of a cluster; it may have run before."""
    api.folder.mkdir(exist_ok=True)
    folder = programs.folder
    programs.start(
        api.name,
        [
            _CLUSTER / "kube-apiserver",
            "--etcd-servers", _etcd(programs), "--etcd-prefix", f"/{api.name}",
            "--bind-address", HOST, "--advertise-address", HOST, "--secure-port", str(api.port),
            "--cert-dir", str(api.certificate.parent),
            "--service-cluster-ip-range", "10.96.0.0/16",
            "--service-account-key-file", str(folder / "sa.pub"),
            "--service-account-signing-key-file", str(folder / "sa.key"),
            "--service-account-issuer", "https://kubernetes.default.svc",
            "--token-auth-file", str(folder / "tokens.csv"), "--authorization-mode", "RBAC",
            "--endpoint-reconciler-type", "none", "--enable-priority-and-fairness=false",
            "--disable-admission-plugins", "ServiceAccount", "--allow-privileged",
        ],
    )  # fmt: skip


def start_controllers(programs: Programs, api: Api, *, nodes: bool) -> None:
    """Start what makes a cluster out of an API server."""
    config = ["--kubeconfig", str(api.kubeconfig), "--leader-elect=false"]
    here = ["--bind-address", HOST, "--secure-port", "0"]
    controllers = f"{_OWNERS},{_WORKLOADS}" if nodes else _OWNERS
    programs.start(
        f"{api.name}-controllers",
        [
            _CLUSTER / "kube-controller-manager", *config, *here, f"--controllers={controllers}",
            "--service-account-private-key-file", str(programs.folder / "sa.key"),
            "--concurrent-gc-syncs", "2", "--node-monitor-grace-period", _GRACE,
            *_PACE,
        ],
    )  # fmt: skip
    if not nodes:
        return
    programs.start(f"{api.name}-scheduler", [_CLUSTER / "kube-scheduler", *config, *here])
    _make_node(api)
    programs.start(
        f"{api.name}-nodes",
        [
            _KWOK / "kwok", "--kubeconfig", str(api.kubeconfig), "--manage-all-nodes=true",
            "--node-ip", HOST, "--server-address", f"{HOST}:{programs.port(f'{api.name}-nodes')}",
            f"--config={_STAGES}",
        ],
        {**os.environ, **_ONE_THREAD},
    )  # fmt: skip


def _start_etcd(programs: Programs) -> None:
    clients, peers = _etcd(programs), f"http://{HOST}:{programs.port('etcd-peers')}"
    programs.start(
        "etcd",
        [
            _CLUSTER / "etcd", "--data-dir", programs.folder / "etcd", "--unsafe-no-fsync",
            "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
            "--initial-cluster", f"default={peers}",
        ],
    )  # fmt: skip


def _etcd(programs: Programs) -> str:
    return f"http://{HOST}:{programs.port('etcd')}"


def _make_keys(folder: Path) -> str:
    """Make the key that signs service accounts, and return the administrator's token."""
    tokens = folder / "tokens.csv"
    if not tokens.exists():
        tokens.touch(0o600)
        tokens.write_text(f'{secrets.token_urlsafe(24)},admin,admin,"system:masters"\n')
        key, public = folder / "sa.key", folder / "sa.pub"
        for command in (
            ["openssl", "genrsa", "-out", str(key), "2048"],
            ["openssl", "rsa", "-in", str(key), "-pubout", "-out", str(public)],
        ):
            try:
                subprocess.run(command, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise Stop(f"cannot make a key with openssl: {error}") from error
        key.chmod(0o600)
    return tokens.read_text().partition(",")[0]


def _make_node(api: Api) -> None:
    """Make a node that has room for everything."""
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": f"{api.name}-node",
            "labels": {"type": "kwok", "kubernetes.io/os": "linux"},
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
    }
    path = f"/api/v1/nodes/{api.name}-node"
    api.apply(path, node)
    room = {"cpu": "64", "memory": "256Gi", "pods": "2000"}
    api.ask("PATCH", f"{path}/status", {"status": {"allocatable": room, "capacity": room}})


def _node_is_ready(api: Api) -> bool:
    found = api.get(f"/api/v1/nodes/{api.name}-node") or {}
    conditions = found.get("status", {}).get("conditions") or ()
    return any((each["type"], each["status"]) == ("Ready", "True") for each in conditions)
