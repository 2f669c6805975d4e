"""Makes platform models of any size for the benchmarks; the same arguments give the same bytes.

A model has cluster types over eight regions and three sizes, each in one of ``1/share`` slots;
workloads whose targets alternate between the environments dev and stage; policies that each take
one group of workloads to one slot; config maps for everything, a region, a size, a cluster type,
a workload or a target; and schemas.

Run it as ``python benchmarks/models.py FOLDER --clusters 100 --workloads 1000 --config-maps 100``.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

API = "apiVersion: scheduler.kalypso.io/v1alpha1\n"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SIZES = ("small", "medium", "large")
REGIONS = tuple(f"region-{number}" for number in range(8))
PER_REPOSITORY = 100
"""Workloads in one source repository."""

TEMPLATES = {
    "flux": (
        "reconciler",
        [
            """\
apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: GitRepository
metadata:
  name: "{{ .DeploymentTargetName }}"
  namespace: flux-system
spec:
  interval: 30s
  url: "{{ .Manifests.repo }}"
  ref:
    branch: "{{ .Manifests.branch }}"
  secretRef:
    name: repo-secret
""",
            """\
apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
kind: Kustomization
metadata:
  name: "{{ .DeploymentTargetName }}"
  namespace: flux-system
spec:
  interval: 30s
  targetNamespace: "{{ .Namespace }}"
  sourceRef:
    kind: GitRepository
    name: "{{ .DeploymentTargetName }}"
  path: "{{ .Manifests.path }}"
  prune: true
""",
        ],
    ),
    "argocd": (
        "reconciler",
        [
            """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: "{{ .DeploymentTargetName }}"
  namespace: argocd
spec:
  destination:
    server: https://kubernetes.default.svc
    namespace: "{{ .Namespace }}"
  project: default
  source:
    path: "{{ .Manifests.path }}"
    repoURL: "{{ .Manifests.repo }}"
    targetRevision: "{{ .Manifests.branch }}"
    directory:
      recurse: true
      include: '*.yaml'
      exclude: 'kustomization.yaml'
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
      allowEmpty: false
    syncOptions:
    - CreateNamespace=true
""",
        ],
    ),
    "default": (
        "namespace",
        [
            """\
apiVersion: v1
kind: Namespace
metadata:
  name: "{{ .Namespace }}"
  labels:
    environment: "{{ .Environment }}"
    workspace: "{{ .Workspace }}"
    workload: "{{ .Workload }}"
    deploymentTarget: "{{ .DeploymentTargetName }}"
    someLabel: some-value
""",
        ],
    ),
    "configmap": (
        "config",
        [
            """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: platform-config
  namespace: {{ .Namespace }}
data:
{{ toYaml .ConfigData | indent 2 }}
""",
        ],
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything a model has."""

    clusters: int
    workloads: int
    targets: int = 2
    policies: int = 20
    config_maps: int = 50
    schemas: int = 2
    keys: int = 4
    share: float = 0.1
    """Part of the cluster types that one policy selects."""
    seed: int = 1

    @property
    def slots(self) -> int:
        """Number of slots that the cluster types are spread over."""
        return max(1, round(1 / self.share))


NAMED = {
    "S": Size(clusters=20, workloads=100, policies=10, config_maps=30),
    "M": Size(clusters=100, workloads=1000, policies=20, config_maps=100),
    "L": Size(clusters=300, workloads=3000, policies=50, config_maps=200),
    "X": Size(clusters=1000, workloads=10000, policies=100, config_maps=400),
}
"""The sizes that figures are given for."""


@dataclass(slots=True)
class _Writer:
    root: Path
    size: Size
    chance: random.Random
    clusters: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def pick(self, words: tuple[str, ...]) -> str:
        return words[self.chance.randrange(len(words))]


def write_model(root: Path, size: Size) -> None:
    """Write a model into a folder: ``base``, ``env`` and ``workloads/wl-src-N``."""
    writer = _Writer(root, size, random.Random(size.seed))  # noqa: S311 - repeatable, not secret
    _write_base(writer)
    for number in range(size.clusters):
        _write_cluster_type(writer, number)
    for number in range((size.workloads + PER_REPOSITORY - 1) // PER_REPOSITORY):
        _write_registration(writer, number)
    for number in range(size.workloads):
        _write_workload(writer, number)
    for number in range(size.policies):
        _write_policy(writer, number)
    for number in range(size.config_maps):
        _write_config_map(writer, number)
    for number in range(size.schemas):
        _write_schema(writer, number)


def _labels(labels: Mapping[str, str], indent: int) -> str:
    return "".join(f"{' ' * indent}{key}: {json.dumps(value)}\n" for key, value in labels.items())


def _write_base(writer: _Writer) -> None:
    writer.write("base/.sourceignore", ".github/\n.environments/\n")
    control_plane = (
        "    repo: https://git.example/org/control-plane\n    branch: dev\n    path: .\n"
    )
    writer.write(
        "base/.environments/dev.yaml",
        f"{API}kind: Environment\nmetadata:\n  name: dev\nspec:\n  controlPlane:\n{control_plane}",
    )
    for name, (kind, manifests) in TEMPLATES.items():
        text = f"{API}kind: Template\nmetadata:\n  name: {name}\nspec:\n  type: {kind}\n"
        text += "  manifests:\n"
        for manifest in manifests:
            text += "    - |\n" + "".join(f"      {line}\n" for line in manifest.splitlines())
        writer.write(f"base/templates/{name}.yaml", text)
    writer.write(
        "env/base-repo.yaml",
        f"{API}kind: BaseRepo\nmetadata:\n  name: main\nspec:\n  repo:"
        f" https://git.example/org/control-plane\n  branch: main\n  path: .\n  commit: {COMMIT}\n",
    )
    writer.write(
        "env/gitops-repo.yaml",
        f"{API}kind: GitOpsRepo\nmetadata:\n  name: dev\nspec:\n"
        "  repo: https://git.example/org/gitops\n  branch: dev\n  path: .\n",
    )


def _write_cluster_type(writer: _Writer, number: int) -> None:
    labels = {
        "region": writer.pick(REGIONS),
        "size": SIZES[writer.chance.randrange(3)],
        "slot": f"s{number % writer.size.slots}",
    }
    if number % 4 == 0:
        labels["edge"] = "true"
    name = f"ct-{number:04d}"
    writer.clusters.append(name)
    reconciler = "argocd" if number % 3 == 0 else "flux"
    writer.write(
        f"env/cluster-types/{labels['region']}/{name}.yaml",
        f"{API}kind: ClusterType\nmetadata:\n  name: {name}\n  labels:\n{_labels(labels, 4)}"
        f"spec:\n  reconciler: {reconciler}\n  namespaceService: default\n"
        "  configType: configmap\n",
    )


def _write_registration(writer: _Writer, number: int) -> None:
    writer.write(
        f"base/workloads/team-{number}.yaml",
        f"{API}kind: WorkloadRegistration\nmetadata:\n  name: team-{number}\nspec:\n  workload:\n"
        f"    repo: https://git.example/org/wl-src-{number}\n    branch: main\n"
        f"    path: ./workloads\n  workspace: team-{number}\n",
    )


def _write_workload(writer: _Writer, number: int) -> None:
    name = f"wl-{number:05d}"
    labels = {
        "group": f"g{number % writer.size.policies}",
        "type": ("application", "service")[number % 2],
        "family": f"f{writer.chance.randrange(10)}",
    }
    repository = number // PER_REPOSITORY
    text = f"{API}kind: Workload\nmetadata:\n  name: {name}\n  labels:\n{_labels(labels, 4)}"
    text += "spec:\n  deploymentTargets:\n"
    for index in range(writer.size.targets):
        environment = ("dev", "stage")[index % 2]
        target = f"t{index}"
        if environment == "dev":
            writer.targets.append(f"{name}-{target}")
        tier = json.dumps(f"t{writer.chance.randrange(3)}")
        text += (
            f"    - name: {target}\n      labels:\n"
            f"        purpose: p{index}\n        tier: {tier}\n"
            f"      environment: {environment}\n      manifests:\n"
            f"        repo: https://git.example/org/wl-gitops-{repository}\n"
            f"        branch: {environment}\n        path: ./{name}/{target}\n"
        )
    writer.write(f"workloads/wl-src-{repository}/workloads/{name}.yaml", text)


def _write_policy(writer: _Writer, number: int) -> None:
    slots = writer.size.slots
    slot = f"s{number % slots}"
    clusters: dict[str, object]
    if number % 3 == 0:
        clusters = {"matchLabels": {"slot": slot}}
    elif number % 3 == 1:
        one = {"key": "slot", "operator": "In", "values": [slot]}
        clusters = {"matchExpressions": [one, {"key": "size", "operator": "Exists"}]}
    else:
        others = [f"s{other}" for other in range(slots) if f"s{other}" != slot]
        clusters = {"matchExpressions": [{"key": "slot", "operator": "NotIn", "values": others}]}
    targets = {"matchLabels": {"group": f"g{number}"}}
    writer.write(
        f"env/scheduling/p{number:04d}.yaml",
        f"{API}kind: SchedulingPolicy\nmetadata:\n  name: p{number:04d}\nspec:\n"
        f"  deploymentTargetSelector:\n    labelSelector: {json.dumps(targets)}\n"
        f"  clusterTypeSelector:\n    labelSelector: {json.dumps(clusters)}\n",
    )


def _config_labels(writer: _Writer, number: int) -> dict[str, str]:
    """Return what one config map in twenty asks for, by its number."""
    chance, workloads = writer.chance, writer.size.workloads
    kind = number % 20
    if kind < 2:
        return {}
    if kind < 7:
        return {"region": chance.choice(REGIONS)}
    if kind < 10:
        return {"size": chance.choice(SIZES)}
    if kind < 12:
        return {"cluster-type": chance.choice(writer.clusters)}
    if kind < 18:
        target = kind >= 16
        name = chance.choice(writer.targets) if target else f"wl-{chance.randrange(workloads):05d}"
        return {"deployment-target" if target else "workload": name}
    return {"region": chance.choice(REGIONS), "size": chance.choice(SIZES)}


def _write_config_map(writer: _Writer, number: int) -> None:
    labels = {"platform-config": "true", **_config_labels(writer, number)}
    data: dict[str, str] = {}
    for index in range(writer.size.keys):
        key = f"KEY_{writer.chance.randrange(writer.size.keys * 5)}"
        suffix, text = _value(writer, number, index)
        data[f"{key}_{suffix}"] = text
    name = f"cm-{number:05d}"
    writer.write(
        f"env/configs/{name}.yaml",
        f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  labels:\n"
        f"{_labels(labels, 4)}data:\n" + "".join(f"  {key}: {text}" for key, text in data.items()),
    )


def _value(writer: _Writer, number: int, index: int) -> tuple[str, str]:
    """Return the end of a key's name, and its value as YAML: one of six forms by its index."""
    chance = writer.chance
    match index % 6:
        case 0:
            return "S", json.dumps(f"value-{chance.randrange(1000)} of map {number}") + "\n"
        case 1:
            return "N", json.dumps(str(chance.randrange(65536))) + "\n"
        case 2:
            least, most = chance.randrange(100), chance.randrange(100)
            pool = f"    pool:\n      k{number % 5}: {least}\n      max: {most}\n"
            return "O", f"|\n    host: host-{number}\n{pool}"
        case 3:
            first = f"    - name: n{number % 3}\n      url: http://u{number}/\n"
            second = f"    - name: m{number % 4}\n      v{number % 2}: {number}\n"
            return "L", f"|\n{first}{second}"
        case 4:
            text = f"{{{{ .Environment }}}}-{{{{ .ClusterType }}}}-{number}"
            return "T", json.dumps(text) + "\n"
        case _:
            return "Q", json.dumps(f"'{number}'") + "\n"


def _write_schema(writer: _Writer, number: int) -> None:
    bounds = {"type": "integer", "minimum": 0, "maximum": 65535}
    keys = [f"KEY_{index}_N" for index in range(writer.size.keys * 5)]
    schema = {"type": "object", "properties": dict.fromkeys(keys, bounds)}
    labels = f"  labels:\n{_labels({'region': REGIONS[number % 8]}, 4)}" if number % 2 else ""
    writer.write(
        f"env/schemas/s{number}.yaml",
        f"{API}kind: ConfigSchema\nmetadata:\n  name: s{number}\n{labels}spec:\n  schema: |\n"
        f"    {json.dumps(schema)}\n",
    )


def main() -> None:
    """Write one model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name in ("clusters", "workloads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("targets", "policies", "config-maps", "schemas", "keys", "seed"):
        default = Size.__dataclass_fields__[name.replace("-", "_")].default
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--share", type=float, default=0.1)
    options = vars(parser.parse_args())
    write_model(options.pop("folder"), Size(**options))


if __name__ == "__main__":
    main()
