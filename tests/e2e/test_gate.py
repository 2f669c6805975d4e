"""`kalypso status` and the gate, against what real Flux and Argo CD report.

The application is in dev on both clusters. Each test leaves everything as it found it.
"""

import json
from typing import Any

import pytest

from tests.e2e.platform_bench import BROKEN, KUSTOMIZATIONS, PORT, SOURCES, Platform

TARGET = "hello-world-app-functional-test"


def test_the_gate_opens_when_both_clusters_run_the_commit(running: Platform) -> None:
    verdict = until_gate(running, 0)
    assert "healthy on 2 of 2 clusters" in verdict


def test_status_shows_both_clusters_healthy(running: Platform) -> None:
    for cluster in ("drone", "large"):
        until_state(running, cluster, passes=True)


def test_a_gate_that_passed_stays_open_for_its_commit(running: Platform) -> None:
    assert "passed at" in until_gate(running, 0)


def test_a_broken_manifest_is_named(running: Platform) -> None:
    running.bench.commit("app-gitops", "dev", {"functional-test/broken.yaml": BROKEN})
    running.poke()
    until_state(running, "drone", "spec.replicas", passes=False)
    running.remove("app-gitops", "dev", "functional-test/broken.yaml")
    running.poke()
    until_state(running, "drone", passes=True)


@pytest.mark.parametrize("path", [SOURCES, KUSTOMIZATIONS])
def test_a_suspended_object_is_never_taken_for_healthy(running: Platform, path: str) -> None:
    drone = running.api("drone")
    drone.ask("PATCH", f"{path}/platform-dev", {"spec": {"suspend": True}})
    until_state(running, "drone", "suspended", passes=False)
    drone.ask("PATCH", f"{path}/platform-dev", {"spec": {"suspend": False}})
    until_state(running, "drone", passes=True)


def test_a_commit_that_no_cluster_has_seen_keeps_the_gate_closed(running: Platform) -> None:
    running.lab.end_forge(PORT)
    changed(running, "first")
    until_gate(running, 1)
    running.serve()
    running.poke()
    until_gate(running, 0)


def test_a_cluster_that_does_not_answer_keeps_the_gate_closed(running: Platform) -> None:
    running.lab.programs.end("large", hard=True)
    try:
        changed(running, "second")
        until_state(running, "large", "unreachable", passes=False)
        done = running.bench.run("kalypso", "check-promote", "-e", "dev")
        assert done.returncode in (1, 3), done.stdout
    finally:
        running.lab.restart_server("large")
        running.lab.start_controllers("large")
        running.lab.start_reconciler("large")
    until_gate(running, 0)


def changed(platform: Platform, value: str) -> None:
    """Promote another commit of main to dev, and ask no cluster to look at it."""
    commit = platform.edit({"main": {f"notes/{value}.md": f"{value}\n"}})
    platform.promote("dev", commit)
    platform.deliver("dev", poke=False)


def until_gate(platform: Platform, code: int) -> str:
    """Ask the gate of dev until it answers with an exit code, and return what it says."""

    def ask() -> tuple[int, str]:
        done = platform.bench.run("kalypso", "check-promote", "-e", "dev")
        return done.returncode, done.stdout

    return platform.until(ask, lambda found: found[0] == code, f"a gate that ends with {code}")[1]


def until_state(platform: Platform, cluster: str, said: str = "", *, passes: bool) -> None:
    """Ask for the status of dev until a cluster passes or does not, and something is said of it."""
    platform.until(
        lambda: shown(platform, cluster),
        lambda found: (
            (found.get("outcome") == "pass") is passes and said in json.dumps(found["findings"])
        ),
        f"{cluster} that {'passes' if passes else 'does not pass'} {said}",
    )


def shown(platform: Platform, cluster: str) -> dict[str, Any]:
    text = platform.bench.run("kalypso", "status", "-e", "dev", "-o", "json").stdout
    found: list[dict[str, Any]] = json.loads(text[text.index("{") :])["environments"]["dev"][
        "clusters"
    ]
    return next(each for each in found if each["name"] == cluster)
