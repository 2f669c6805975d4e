"""What goes wrong on clusters is seen there, stays where it is, and is over once it is fixed.

The application is in dev on both clusters. Each test leaves everything as it found it.
"""

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.e2e.platform_bench import (
    BROKEN,
    KUSTOMIZATIONS,
    NAMESPACES,
    PORT,
    SOURCES,
    Platform,
)

TARGET = "hello-world-app-functional-test"
FUNCTIONAL = f"dev-kaizen-app-team-{TARGET}"
PERFORMANCE = "dev-kaizen-app-team-hello-world-app-performance-test"
GONE = """\
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata:
  name: gone
spec:
  minAvailable: 1
  selector: {}
"""


@pytest.mark.parametrize(
    ("text", "said"), [(BROKEN, "spec.replicas"), (GONE, "no matches for kind")]
)
def test_a_manifest_that_the_server_refuses_is_named_and_the_rest_runs_on(
    running: Platform, text: str, said: str
) -> None:
    running.bench.commit("app-gitops", "dev", {"functional-test/new.yaml": text})
    running.poke()
    found = until_ready(running, f"{KUSTOMIZATIONS}/{TARGET}", "False")
    assert said in message(found)
    assert ready(running.api("drone").get(f"{KUSTOMIZATIONS}/platform-dev")) != "False"
    path = f"/apis/apps/v1/namespaces/{FUNCTIONAL}/deployments/hello-world-deployment"
    assert running.api("drone").get(path)["status"]["readyReplicas"] == 1
    running.remove("app-gitops", "dev", "functional-test/new.yaml")
    running.poke()
    until_ready(running, f"{KUSTOMIZATIONS}/{TARGET}", "True")


def test_a_repository_that_wants_credentials_is_named_as_such(running: Platform) -> None:
    source = f"{SOURCES}/{TARGET}"
    before = running.api("drone").get(source)["spec"]["url"]
    with private_repository() as url:
        running.api("drone").ask("PATCH", source, {"spec": {"url": url}})
        found = until_ready(running, source, "False")
        assert "authentication required" in message(found)
    running.api("drone").ask("PATCH", source, {"spec": {"url": before}})
    until_ready(running, source, "True")


def test_a_namespace_that_somebody_deleted_comes_back_with_what_was_in_it(
    running: Platform,
) -> None:
    for cluster, namespace in (("drone", FUNCTIONAL), ("large", PERFORMANCE)):
        path = f"{NAMESPACES}/{namespace}"
        before = uid(running, cluster, path)
        running.api(cluster).ask("DELETE", path)
        until_changed(running, cluster, path, before)
        until_there(running, cluster, f"{path}/configmaps/platform-config")
        deployment = f"/apis/apps/v1/namespaces/{namespace}/deployments/hello-world-deployment"
        until_there(running, cluster, deployment)


@pytest.mark.parametrize(
    "program",
    ["drone-source-controller", "drone-kustomize-controller", "large-argocd-application-controller",
     "large-argocd-repo-server", "large-argocd-cache"],
)  # fmt: skip
def test_a_reconciler_that_is_killed_catches_up_when_it_is_back(
    running: Platform, program: str
) -> None:
    lab, cluster = running.lab, program.partition("-")[0]
    lab.programs.end(program, hard=True)
    commit = changed(running, program)
    lab.start_reconciler(cluster)
    arrived(running, cluster, commit, program)


@pytest.mark.parametrize("cluster", ["drone", "large"])
def test_a_cluster_that_was_away_catches_up_when_it_is_back(
    running: Platform, cluster: str
) -> None:
    lab = running.lab
    lab.programs.end(cluster, hard=True)
    commit = changed(running, f"{cluster}-away", poke=False)
    lab.restart_server(cluster)
    lab.start_reconciler(cluster)
    lab.start_controllers(cluster)
    arrived(running, cluster, commit, f"{cluster}-away")


def test_clusters_go_on_when_the_git_server_is_back(running: Platform) -> None:
    running.lab.end_forge(PORT)
    commit = changed(running, "forge-away", poke=False)
    until_ready(running, f"{SOURCES}/platform-dev", "False")
    path = f"/apis/apps/v1/namespaces/{FUNCTIONAL}/deployments/hello-world-deployment"
    assert running.api("drone").get(path)["status"]["readyReplicas"] == 1
    running.serve()
    for cluster in ("drone", "large"):
        arrived(running, cluster, commit, "forge-away")


def changed(platform: Platform, value: str, *, poke: bool = True) -> str:
    """Deliver another value to every cluster of dev; return the branch's commit."""
    config = f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: faults-config
  labels:
    platform-config: "true"
data:
  FAULT: {value}
"""
    platform.edit({"dev": {"configs/faults-config.yaml": config}})
    return platform.deliver("dev", poke=poke)


def arrived(platform: Platform, cluster: str, commit: str, value: str) -> None:
    """Wait until a cluster has a commit of dev, and the value that came with it."""
    if cluster == "drone":
        platform.flux_ready("platform-dev", commit)
    else:
        platform.argo_synced("platform-dev", commit)
    namespace = FUNCTIONAL if cluster == "drone" else PERFORMANCE
    platform.until(
        lambda: platform.api(cluster).get(f"{NAMESPACES}/{namespace}/configmaps/platform-config"),
        lambda found: found["data"].get("FAULT") == value,
        f"{value} on {cluster}",
    )


def until_ready(platform: Platform, path: str, state: str) -> Any:
    return platform.until(
        lambda: platform.api("drone").get(path),
        lambda found: ready(found) == state,
        f"{path} with Ready={state}",
    )


def until_there(platform: Platform, cluster: str, path: str) -> None:
    platform.until(lambda: platform.api(cluster).get(path), lambda found: found is not None, path)


def until_changed(platform: Platform, cluster: str, path: str, before: str) -> None:
    platform.until(
        lambda: uid(platform, cluster, path),
        lambda found: found not in ("", before),
        f"another {path} on {cluster}",
        seconds=300,  # a health check that is under way goes on for three minutes
    )


def uid(platform: Platform, cluster: str, path: str) -> str:
    found: Mapping[str, Any] = platform.api(cluster).get(path) or {}
    return str(found.get("metadata", {}).get("uid", ""))


def ready(found: Any) -> str:
    return condition(found).get("status", "")


def message(found: Any) -> str:
    return condition(found).get("message", "")


def condition(found: Any) -> dict[str, str]:
    conditions: list[dict[str, str]] = (found or {}).get("status", {}).get("conditions", [])
    return next((each for each in conditions if each["type"] == "Ready"), {})


@contextmanager
def private_repository() -> Iterator[str]:
    """Serve a repository that nobody may read without credentials; its address."""

    class Refuses(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="private"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/private"
        server.shutdown()
