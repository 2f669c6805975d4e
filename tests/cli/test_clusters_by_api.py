"""`check-promote` and `status` of clusters that exist: settings, and a kubeconfig."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.laptop import Laptop
from tests.promotion.fleet import COMMITS, fleet
from tests.support.kube_server import KubeServer

STACK = """\
config:
  kalypso:environment: dev
  kalypso:environments: [dev, stage]
  kalypso:clusters:
    - {name: drone, provider: existing, context: one, environments: [dev], evidence: [cluster]}
    - {name: edge, clusterType: drone, provider: existing, context: two, environments: [dev]}
"""
GITOPS = "http://127.0.0.1:3180/kalypso-gitops"


class Clusters:
    """Two clusters with Flux that have applied what is merged to dev, a minute ago."""

    def __init__(self, folder: Path) -> None:
        world = fleet("flux")
        (manifests,) = world["manifests"]["drone"].values()
        text = "---\n".join(json.dumps(each) + "\n" for each in manifests)
        self.laptop = Laptop(folder, {"drone/functional-test/namespace.yaml": text.encode()})
        self.laptop.stack(STACK)
        self.servers = {
            name: KubeServer(self._now(world["answers"][of], manifests))
            for name, of in (("one", "drone"), ("two", "edge"))
        }

    def _now(self, objects: list[Any], manifests: list[Any]) -> list[Any]:
        """Return objects as they are now, at the commit that was merged."""
        now = datetime.fromtimestamp(time.time() - 5, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        owner = {"name": "dev-drone", "namespace": "flux-system"}
        labels = {f"kustomize.toolkit.fluxcd.io/{key}": value for key, value in owner.items()}
        (namespace,) = (each for each in manifests if each["kind"] == "Namespace")
        found = [*objects, {**namespace, "metadata": {**namespace["metadata"], "labels": labels}}]
        text = json.dumps(found).replace(COMMITS["X"], self.laptop.dev)
        text = text.replace("https://github.com/acme/gitops", GITOPS)
        moved: list[Any] = json.loads(text)
        return [_at(each, now) for each in moved]


def _at(value: Any, now: str) -> Any:
    match value:
        case dict():
            return {key: _at(each, now) for key, each in value.items()}
        case list():
            return [_at(each, now) for each in value]
        case str() if value.startswith("2026-11-28T"):
            return now
    return value


@pytest.fixture
def clusters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clusters]:
    made = Clusters(tmp_path)
    files = []
    for name, server in made.servers.items():
        files.append(str(tmp_path / f"{name}.yaml"))
        Path(files[-1]).write_text(yaml.safe_dump(server.context(name)))
    monkeypatch.setenv("KUBECONFIG", ":".join(files))
    with ExitStack() as stack:
        for server in made.servers.values():
            stack.enter_context(server)
        yield made


def test_a_gate_opens_when_every_cluster_says_so(clusters: Clusters) -> None:
    laptop = clusters.laptop
    result = laptop.check()
    assert result.out == (
        f"dev: pass: {laptop.at} is healthy on 2 of 2 clusters\n"
        "  drone: healthy\n  edge: healthy\n"
        f"next: kalypso promote -e stage --commit {laptop.main}\n"
    )
    assert result.code == 0


def test_a_cluster_that_does_not_go_on_keeps_it_closed(clusters: Clusters) -> None:
    laptop = clusters.laptop
    before, laptop.main = laptop.dev, laptop.commit_on_main()
    laptop.dev = laptop.merge("dev", laptop.main)
    result = laptop.check()
    assert result.code == 1
    behind = f"it is still at {before[:7]}, before {laptop.dev[:7]}"
    assert f"  drone: {behind}\n  edge: {behind}\n" in result.out


def test_status_shows_what_a_cluster_that_refuses_us_says(clusters: Clusters) -> None:
    clusters.servers["two"].forbidden.add("kustomizations")
    result = clusters.laptop.types("status", "-e", "dev")
    first = f"dev: outside: {clusters.laptop.at} is healthy on 1 of 2 clusters"
    assert (result.code, result.out.splitlines()[0]) == (0, first)
    assert "  edge at no known commit: cannot tell: it does not let us read /apis/" in result.out


def test_a_context_that_is_missing_is_told_and_the_gate_stays_closed(
    clusters: Clusters, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "one.yaml"))
    result = clusters.laptop.check()
    assert result.code == 3
    assert "  edge: there is no context 'two' in the kubeconfig\n" in result.out
