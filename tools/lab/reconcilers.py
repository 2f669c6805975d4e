"""The controllers of Flux and Argo CD, which run beside the clusters that they change.

They bring their kinds; repositories, applications and credentials are the platform's to declare.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.cluster_manifests import manifests
from tools.cluster_parts import ARGO_CD, FLUX, built
from tools.console import Stop
from tools.lab.api import Api
from tools.lab.programs import HOST, Programs

_FLUX, _ARGO_CD, _MANIFESTS = built(FLUX), built(ARGO_CD), manifests()
_KINDS_SECONDS = 120
_ARGO_NAMESPACE = "argocd"
_ARGO_LABELS = {"app.kubernetes.io/part-of": "argocd"}
_POLL = "5s"


def install_kinds(programs: Programs, api: Api, reconciler: str) -> None:
    """Install the kinds and rights of a reconciler, and wait until the server knows them.

    Raises:
        Stop: The server refuses the kinds.
    """
    if reconciler == "argocd":
        _make_namespace(api)
    file = _MANIFESTS / f"{reconciler}.yaml"
    _kubectl(api, "apply", "--server-side", "--force-conflicts", "-f", str(file))
    what = f"waiting for the kinds of {reconciler} on {api.name}"
    programs.wait(lambda: _kinds_are_known(api), what, api.name, seconds=_KINDS_SECONDS)


def start_flux(programs: Programs, api: Api) -> None:
    """Start Flux's controllers for a cluster that has their kinds."""
    name = api.name
    base = {
        **os.environ,
        "KUBECONFIG": str(api.kubeconfig),
        "RUNTIME_NAMESPACE": "flux-system",
        "TMPDIR": str(_folder(api, "flux-scratch")),
    }
    common = ["--watch-all-namespaces", "--enable-leader-election=false", "--log-level=info"]
    storage = f"{HOST}:{programs.port(f'{name}-storage')}"
    programs.start(
        f"{name}-source-controller",
        [
            _FLUX / "source-controller", *common, *_measures(programs, f"{name}-source"),
            f"--storage-path={_folder(api, 'flux-storage')}", f"--storage-addr={storage}",
            f"--storage-adv-addr={storage}",
        ],
        base,
    )  # fmt: skip
    programs.start(
        f"{name}-kustomize-controller",
        [
            _FLUX / "kustomize-controller", *common, *_measures(programs, f"{name}-kustomize"),
            "--requeue-dependency=5s",
        ],
        base,
    )  # fmt: skip


def start_argocd(programs: Programs, api: Api) -> None:
    """Start Argo CD for a cluster that has its kinds, without its API and its pages."""
    name = api.name
    for path, item in _argocd_settings().items():
        api.apply(path, item)
    cache, manifests_at = (
        f"{HOST}:{programs.port(f'{name}-{what}')}" for what in ("cache", "manifests")
    )
    programs.start(f"{name}-argocd-cache", [_ARGO_CD / "argocd-cache", cache])
    programs.start(
        f"{name}-argocd-repo-server",
        [
            _ARGO_CD / "argocd", "--address", HOST,
            "--port", str(programs.port(f"{name}-manifests")),
            "--metrics-port", str(programs.port(f"{name}-manifests-metrics")),
            "--metrics-address", HOST, "--redis", cache, "--disable-tls", "--logformat", "text",
        ],
        _argocd_environment(api, "argocd-repo-server"),
    )  # fmt: skip
    programs.start(
        f"{name}-argocd-application-controller",
        [
            _ARGO_CD / "argocd", "--namespace", _ARGO_NAMESPACE, "--redis", cache,
            "--repo-server", manifests_at, "--repo-server-plaintext",
            "--metrics-port", str(programs.port(f"{name}-argocd-metrics")),
            "--app-resync", _POLL.removesuffix("s"), "--app-resync-jitter", "0",
            "--logformat", "text",
        ],
        _argocd_environment(api, "argocd-application-controller"),
    )  # fmt: skip


def _kinds_are_known(api: Api) -> bool:
    found = api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")["items"]
    return all(
        any(
            each["type"] == "Established" and each["status"] == "True"
            for each in kind.get("status", {}).get("conditions") or ()
        )
        for kind in found
    )


def _measures(programs: Programs, name: str) -> list[str]:
    metrics, health = (programs.port(f"{name}-{what}") for what in ("metrics", "health"))
    return [f"--metrics-addr={HOST}:{metrics}", f"--health-addr={HOST}:{health}"]


def _argocd_environment(api: Api, binary: str) -> Mapping[str, str]:
    scratch = _folder(api, "argocd")
    for part in ("tls", "ssh", "gpg", "cmp", "tmp"):
        (scratch / part).mkdir(exist_ok=True)
    (scratch / "ssh" / "ssh_known_hosts").touch()
    return {
        **os.environ,
        "ARGOCD_BINARY_NAME": binary,
        "KUBECONFIG": str(api.kubeconfig),
        "HOSTNAME": "argocd-application-controller-0",
        "ARGOCD_FAKE_IN_CLUSTER": "true",
        "ARGOCD_GPG_ENABLED": "false",
        "ARGOCD_TLS_DATA_PATH": str(scratch / "tls"),
        "ARGOCD_SSH_DATA_PATH": str(scratch / "ssh"),
        "ARGOCD_GNUPGHOME": str(scratch / "gpg"),
        "ARGOCD_PLUGINSOCKFILEPATH": str(scratch / "cmp"),
        "ARGOCD_RECONCILIATION_TIMEOUT": _POLL,
        "TMPDIR": str(scratch / "tmp"),
    }


def _argocd_settings() -> dict[str, object]:
    """Return the objects that Argo CD's own manifests would bring, by path."""
    base = f"/api/v1/namespaces/{_ARGO_NAMESPACE}"
    project = {
        "sourceRepos": ["*"],
        "destinations": [{"server": "*", "namespace": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
    }
    return {
        f"{base}/configmaps/argocd-cm": {
            **_argocd_object("v1", "ConfigMap", "argocd-cm"),
            "data": {"timeout.reconciliation": _POLL},
        },
        f"{base}/configmaps/argocd-rbac-cm": _argocd_object("v1", "ConfigMap", "argocd-rbac-cm"),
        f"{base}/secrets/argocd-secret": {
            **_argocd_object("v1", "Secret", "argocd-secret"),
            "stringData": {"server.secretkey": os.urandom(16).hex()},
        },
        f"/apis/argoproj.io/v1alpha1/namespaces/{_ARGO_NAMESPACE}/appprojects/default": {
            **_argocd_object("argoproj.io/v1alpha1", "AppProject", "default"),
            "spec": project,
        },
    }


def _argocd_object(version: str, kind: str, name: str) -> dict[str, object]:
    metadata = {"name": name, "namespace": _ARGO_NAMESPACE, "labels": _ARGO_LABELS}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def _make_namespace(api: Api) -> None:
    namespace = {
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _ARGO_NAMESPACE},
    }  # fmt: skip
    api.apply(f"/api/v1/namespaces/{_ARGO_NAMESPACE}", namespace)


def _folder(api: Api, name: str) -> Path:
    folder = api.folder / name
    folder.mkdir(exist_ok=True)
    return folder


def _kubectl(api: Api, *arguments: str) -> None:
    command = ["kubectl", "--kubeconfig", str(api.kubeconfig), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(f"kubectl {arguments[0]} on {api.name}: {done.stderr.strip()}")
