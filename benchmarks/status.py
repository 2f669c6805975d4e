"""How long `kalypso status` takes to read and judge a fleet, from recorded answers.

Each cluster answers as one that runs Flux does: five objects for each assignment, in pages of 500,
with times and counts of its own. The same answers are parsed with `json` and nothing else is done,
in a process of its own: the ratio of the two says what reading and judging costs, whatever the
machine.

Run it as ``python -m benchmarks.status [CLUSTERS] [ASSIGNMENTS]``.
"""

from __future__ import annotations

import gc
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from kalypso.observation import Clocks, ClusterReader, Reply, Way
from kalypso.promotion import Clock, Expected, Record, judge
from tests.promotion.fleet import ancestry_of, expected_of, fleet, seconds

VARIANTS = 10
"""How many clusters answer with different bytes; the eleventh answers as the first."""
OWN = frozenset({"dev", "dev-drone"})
OWNER = {"kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
LISTS = {
    ("kustomize.toolkit.fluxcd.io", "v1", "Kustomization"): "kustomizations",
    ("source.toolkit.fluxcd.io", "v1", "GitRepository"): "gitrepositories",
    ("", "v1", "Namespace"): "namespaces",
    ("", "v1", "ConfigMap"): "configmaps",
    ("apps", "v1", "Deployment"): "deployments",
    ("apps", "v1", "StatefulSet"): "statefulsets",
    ("apps", "v1", "DaemonSet"): "daemonsets",
    ("batch", "v1", "Job"): "jobs",
}
PAGE = 500


@dataclass(frozen=True)
class Recorded:
    """A server that answers with what was recorded."""

    bodies: Mapping[tuple[str, str], bytes]
    """By path and where the page begins."""

    def get(self, path: str, query: Mapping[str, str], seconds: float) -> Reply:  # noqa: ARG002 - an answer is here at once
        """Return the body of a path."""
        return Reply(200, {}, self.bodies[path, query.get("continue", "")])


def cluster_objects(number: int) -> list[dict[str, Any]]:
    """Return the objects of a cluster with a number of assignments that are like the recorded."""
    recorded = fleet("flux")["answers"]["drone"]
    objects = [each for each in recorded if each["metadata"]["name"] in OWN]
    (own,) = (each for each in objects if each["kind"] == "Kustomization")
    entries = own["status"]["inventory"]["entries"]
    its = [each for each in recorded if each["metadata"]["name"] not in OWN]
    labels = {"kustomize.toolkit.fluxcd.io/name": "dev-drone", **OWNER}
    metadata = {"name": "dev-functional-test", "labels": labels}
    status = {"phase": "Active"}
    its += [{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata, "status": status}]
    own["status"]["inventory"]["entries"] = []
    for place in range(number):
        own["status"]["inventory"]["entries"] += _renamed(entries, place)
        objects += _renamed(its, place)
    return objects


def _renamed(value: Any, place: int) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(json.dumps(value).replace("functional-test", f"target-{place:03}"))


def bodies(objects: Sequence[Mapping[str, Any]], variant: int) -> dict[tuple[str, str], bytes]:
    """Return the answers of a server that has these objects, as those of one of many clusters."""
    groups = {group for group, _, _ in LISTS if group}
    found: dict[tuple[str, str], Any] = {
        ("/apis", ""): {
            "kind": "APIGroupList",
            "groups": [{"name": each, "versions": [{"version": "v1"}]} for each in sorted(groups)],
        }
    }
    for (group, version, kind), plural in LISTS.items():
        root = f"/apis/{group}/{version}" if group else f"/api/{version}"
        resources = found.setdefault((root, ""), {"kind": "APIResourceList", "resources": []})
        resources["resources"].append({"name": plural, "kind": kind})
        its = [each for each in objects if each["kind"] == kind]
        for start in range(0, max(1, len(its)), PAGE):
            more = str(start + PAGE) if start + PAGE < len(its) else ""
            found[f"{root}/{plural}", str(start) if start else ""] = {
                "kind": f"{kind}List",
                "metadata": {"resourceVersion": "1207", "continue": more},
                "items": its[start : start + PAGE],
            }
    return {key: _varied(json.dumps(body), variant).encode() for key, body in found.items()}


def _varied(text: str, variant: int) -> str:
    """Give an answer times and counts of its own."""
    text = re.sub(r"(2026-11-28T10:04:)\d\d", lambda found: f"{found[1]}{40 + variant:02}", text)
    return re.sub(
        r'("totalReconciliations": )(\d+)',
        lambda found: f"{found[1]}{int(found[2]) + variant}",
        text,
    )


@dataclass(frozen=True)
class Fleet:
    """What is asked of, and what it answers."""

    expected: Expected
    manifests: dict[str, Any]
    answers: Sequence[Mapping[tuple[str, str], bytes]]


def make_fleet(clusters: int, assignments: int) -> Fleet:
    """Return a fleet of one cluster type."""
    world = fleet("flux")
    expected = expected_of(world["expected"])
    like, targets = expected.clusters[0], [f"target-{place:03}" for place in range(assignments)]
    manifests = world["manifests"]["drone"]["functional-test"]
    objects = cluster_objects(assignments)
    return Fleet(
        replace(
            expected,
            clusters=tuple(replace(like, name=f"c{number:04}") for number in range(clusters)),
            assignments={"drone": tuple(targets)},
        ),
        {target: _renamed(manifests, place) for place, target in enumerate(targets)},
        [bodies(objects, variant) for variant in range(min(VARIANTS, clusters))],
    )


def _status(made: Fleet) -> str:
    world = fleet("flux")
    world["manifests"] = {"drone": made.manifests}
    now = seconds(world["now"])
    reader = ClusterReader(
        {cluster.name: (Way(cluster.name),) for cluster in made.expected.clusters},
        lambda name: Recorded(made.answers[int(name[1:]) % len(made.answers)]),
        clocks=Clocks(wall=lambda: now),
    )
    evidence = reader.read(made.expected)
    ancestry, record = ancestry_of(world), Record(environment="dev")
    verdict = judge(made.expected, evidence, ancestry, record, Clock(now))
    return verdict.summary


def _parse(made: Fleet) -> str:
    for place in range(len(made.expected.clusters)):
        for body in made.answers[place % len(made.answers)].values():
            json.loads(body)
    return ""


def _child(what: str, clusters: int, assignments: int) -> None:
    made = make_fleet(clusters, assignments)
    gc.collect()
    gc.set_threshold(100_000)  # as the command does
    start = time.process_time()
    said = _status(made) if what == "status" else _parse(made)
    cpu = time.process_time() - start
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kib //= 1024 if sys.platform == "darwin" else 1
    print(json.dumps({"said": said, "cpu": cpu, "mib": kib // 1024}))


def _measure(what: str, clusters: int, assignments: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.status", f"--{what}"]
    done = subprocess.run(
        [*command, str(clusters), str(assignments)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(clusters: int = 1000, assignments: int = 100) -> None:
    """Measure one fleet and print a table."""
    ours, theirs = (_measure(what, clusters, assignments) for what in ("status", "parse"))
    print(ours["said"], file=sys.stderr)
    print("| clusters | assignments | status, CPU s | parse only, CPU s | beyond | times | MiB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    beyond = ours["cpu"] - theirs["cpu"]
    print(
        f"| {clusters:,} | {assignments:,} | {ours['cpu']:.1f} | {theirs['cpu']:.1f}"
        f" | {beyond:.1f} | {beyond / theirs['cpu']:.1f} | {ours['mib']} |"
    )


if __name__ == "__main__":
    if sys.argv[1:2] in (["--status"], ["--parse"]):
        _child(sys.argv[1].removeprefix("--"), int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
