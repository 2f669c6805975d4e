"""A fleet of `tests/promotion/fleets`, served by stand-in API servers and read over HTTP."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from kalypso.observation import Clocks, ClusterReader, Kubeconfig, Way
from kalypso.promotion import Clock, Evidence, Expected, Record, Verdict, judge
from tests.promotion.fleet import ancestry_of, expected_of, fleet, seconds
from tests.support.kube_server import KubeServer

KUSTOMIZE = "kustomize.toolkit.fluxcd.io"


class Fleet:
    """Clusters that are at X and healthy, unless a test changes what their servers have."""

    def __init__(self, folder: Path, name: str = "flux") -> None:
        self.world = fleet(name)
        self.now = seconds(self.world["now"])
        self.servers = {
            place: KubeServer([*objects, *_unrecorded(self.world, objects)])
            for place, objects in self.world["answers"].items()
        }
        self.pauses: list[float] = []
        self.config = folder / "kubeconfig"
        self.contexts = {place: server.context(place) for place, server in self.servers.items()}
        for server in self.servers.values():
            server.now = lambda: self.now

    @property
    def expected(self) -> Expected:
        return expected_of(self.world["expected"])

    def reader(
        self,
        ways: Mapping[str, Sequence[Way]] | None = None,
        **options: Any,
    ) -> ClusterReader:
        """Return a reader; of each cluster by a context of its name, unless ways are given."""
        files = []
        for name, document in self.contexts.items():
            files.append(self.config.with_name(f"{name}.yaml"))
            files[-1].write_text(yaml.safe_dump(document))
        return ClusterReader(
            ways or {name: (Way(name),) for name in self.servers},
            Kubeconfig(files).server,
            clocks=Clocks(wall=lambda: self.now, sleep=self.pauses.append),
            **options,
        )

    def evidence(self, cluster: str, **options: Any) -> tuple[Evidence, ...]:
        found = self.reader(**options).read(self.expected)
        return tuple(each for each in found if each.cluster == cluster)

    def verdict(self, **options: Any) -> Verdict:
        """Ask the gate with what was read."""
        return judge(
            self.expected,
            self.reader(**options).read(self.expected),
            ancestry_of(self.world),
            Record(environment="dev"),
            Clock(self.now),
        )

    def told(self, cluster: str = "drone", **options: Any) -> tuple[str, str]:
        """Return outcome and sentences of one cluster."""
        verdict = self.verdict(**options)
        (found,) = (each for each in verdict.clusters if each.name == cluster)
        return found.outcome.value, "; ".join(finding.text for finding in found.findings)

    def find(self, kind: str, name: str, cluster: str = "drone") -> dict[str, Any]:
        """Return an object of a cluster, to be changed."""
        (found,) = (
            each
            for each in self.servers[cluster].objects
            if (each["kind"], each["metadata"]["name"]) == (kind, name)
        )
        return found


def program(folder: Path, text: str) -> str:
    """Make a program, and return its path."""
    path = folder / "sign-in"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return os.fspath(path)


def _unrecorded(world: Mapping[str, Any], objects: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return what a cluster has applied and recorded answers leave out."""
    labels = {"name": "dev-drone", "namespace": "flux-system"}
    there = {(each["kind"], each["metadata"]["name"]) for each in objects}
    return [
        {
            **copy.deepcopy(each),
            "metadata": {
                **each["metadata"],
                "labels": {f"{KUSTOMIZE}/{key}": value for key, value in labels.items()},
            },
        }
        for targets in world["manifests"].values()
        for manifests in targets.values()
        for each in manifests
        if each["apiVersion"] == "v1" and (each["kind"], each["metadata"]["name"]) not in there
    ]
