"""Random platform models, small enough to be judged by a plain definition."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from kalypso.errors import Collector
from kalypso.evaluation import Request, Run, evaluate_into
from tests.platforms.case_file import HERE, read
from tests.platforms.memory import MemoryRepositories, control_plane

GROUP = "scheduler.kalypso.io/v1alpha1"
SMALL = read(HERE / "bases" / "small.txt").given
Object = dict[str, Any]

keys = st.sampled_from(["region", "size", "edge", "example.org/tier"])
values = st.sampled_from(["west", "east", "large", "true", ""])
labels = st.dictionaries(keys, values, max_size=3)
names = st.sampled_from(["a", "b", "c", "d", "e", "f"])


@st.composite
def requirements(draw: st.DrawFn) -> Object:
    operator = draw(st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]))
    wanted = st.lists(values, min_size=1, max_size=3) if operator.endswith("In") else st.just([])
    found = {"key": draw(keys), "operator": operator, "values": draw(wanted)}
    return found if found["values"] else {key: found[key] for key in ("key", "operator")}


selectors = st.fixed_dictionaries(
    {},
    optional={
        "matchLabels": labels,
        "matchExpressions": st.lists(requirements(), max_size=3),
    },
)


@dataclass(frozen=True, slots=True)
class Model:
    """Objects by where they live."""

    environment: Sequence[Object] = ()
    base: Sequence[Object] = ()
    workloads: Mapping[str, Sequence[Object]] = field(default_factory=dict)
    """Objects of each repository, by its name."""

    def files(self) -> dict[str, bytes]:
        """Write every object into a file of its own."""
        found = {
            "base/templates.yaml": SMALL["base/templates.yaml"],
            "env/repos.yaml": SMALL["env/repos.yaml"],
        }
        for folder, objects in self._folders().items():
            for number, body in enumerate(objects):
                found[f"{folder}/{number:03}.yaml"] = json.dumps(body).encode()
        return found

    def one_file_each(self, order: Sequence[int]) -> dict[str, bytes]:
        """Write all objects of a tree into one file, in another order."""
        found = {
            "base/templates.yaml": SMALL["base/templates.yaml"],
            "env/repos.yaml": SMALL["env/repos.yaml"],
        }
        for folder, objects in self._folders().items():
            ranked = sorted(
                range(len(objects)), key=lambda number: (order[number % len(order)], -number)
            )
            documents = [json.dumps(objects[number]) for number in ranked]
            found[f"{folder}/deep/er/all.yml"] = "\n---\n".join(documents).encode()
        return found

    def _folders(self) -> dict[str, Sequence[Object]]:
        repositories = {f"repositories/{name}": found for name, found in self.workloads.items()}
        return {"env": self.environment, "base": self.base, **repositories}


def an_object(kind: str, name: str, own: Mapping[str, str], **spec: object) -> Object:
    meta = {"name": name, "labels": dict(own)}
    return {"apiVersion": GROUP, "kind": kind, "metadata": meta, "spec": spec}


@st.composite
def cluster_types(draw: st.DrawFn) -> Object:
    config = draw(st.sampled_from(["cfg", "envFile", "configMap", ""]))
    named = {"reconciler": "rec", "namespaceService": "ns", "configType": config}
    return an_object("ClusterType", draw(names), draw(labels), **named)


@st.composite
def policies(draw: st.DrawFn) -> Object:
    target = {"labelSelector": draw(selectors)}
    if draw(st.booleans()):
        target["workspace"] = draw(st.sampled_from(["team-a", "team-b", "nobody"]))
    clusters = {"labelSelector": draw(selectors)}
    return an_object(
        "SchedulingPolicy",
        draw(names),
        {},
        deploymentTargetSelector=target,
        clusterTypeSelector=clusters,
    )


@st.composite
def config_maps(draw: st.DrawFn) -> Object:
    data = st.dictionaries(
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(
            ["1", "text", "[x]", "{k: v}", "{k: {l: 1}}", "- name: n\n  v: 1", "'[x]'"]
        ),
        max_size=3,
    )
    own = {**draw(labels), "platform-config": "true"}
    meta = {"name": draw(names), "labels": own}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": draw(data)}


def _named(found: Sequence[Object]) -> str:
    return str(found[0])


def unique(strategy: st.SearchStrategy[Object], most: int) -> st.SearchStrategy[list[Object]]:
    """Objects of one kind, no two of one name."""
    return st.lists(strategy, max_size=most, unique_by=lambda body: str(body["metadata"]["name"]))


@st.composite
def workloads(draw: st.DrawFn, name: str) -> Object:
    short = st.sampled_from(["test", "perf", "prod"])
    targets = [
        {
            "name": target,
            "environment": draw(st.sampled_from(["dev", "dev", "stage"])),
            "labels": draw(labels),
            "manifests": {"repo": f"https://git.example/{name}"},
        }
        for target in draw(st.lists(short, max_size=3, unique=True))
    ]
    return an_object("Workload", name, draw(labels), deploymentTargets=targets)


@st.composite
def models(draw: st.DrawFn) -> Model:
    environment = [
        *draw(unique(cluster_types(), 4)),
        *draw(unique(policies(), 3)),
        *draw(unique(config_maps(), 4)),
    ]
    applications = draw(st.lists(st.sampled_from(["app", "web", "db"]), max_size=3, unique=True))
    base = [
        an_object(
            "WorkloadRegistration",
            name,
            {},
            workload={"repo": f"https://git.example/{name}-src", "branch": "main"},
            workspace=draw(st.sampled_from(["team-a", "team-b"])),
        )
        for name in applications
    ]
    return Model(
        environment, base, {f"{name}-src": [draw(workloads(name))] for name in applications}
    )


def evaluated(files: Mapping[str, bytes]) -> tuple[Run, Collector]:
    """Evaluate the files of a model."""
    problems = Collector()
    start = control_plane(files, "dev")
    request = Request(start=start, repositories=MemoryRepositories(files))
    return evaluate_into(request, problems), problems
