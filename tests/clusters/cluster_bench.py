"""A project whose platform's stack sets real clusters up, by the real engine and provider."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.engine.bench import ROOT, Bench
from tools.cluster_manifests import manifests
from tools.cluster_parts import PLUGIN, built

PLUGIN_FOLDER = built(PLUGIN)
MANIFESTS = manifests()
"""Both found now: tests have another cache than whoever built them."""
TOKEN = "canary-t0ken-of-the-reader"  # noqa: S105 - of nothing
_SDKS = ROOT / ".kalypso" / "sdks"


def use_provider(bench: Bench) -> None:
    """Let a project use the SDK for objects on clusters, and the plugin that was built."""
    bench.environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(_SDKS)])
    file = bench.project / "Pulumi.yaml"
    about = yaml.safe_load(file.read_text())
    about["plugins"]["providers"].append({"name": "kubernetes", "path": str(PLUGIN_FOLDER)})
    file.write_text(yaml.safe_dump(about))


class ClusterBench:
    """The stack dev, with clusters."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.bench, self.said = Bench(folder), ""
        environment = self.bench.environment
        for variable in [name for name in environment if name.startswith(("KUBE", "PULUMI_K8S"))]:
            del environment[variable]
        environment["KUBECONFIG"] = str(config)
        use_provider(self.bench)
        self.bench.init("dev")
        self.bench.set_secret("dev", "reader.token", TOKEN)
        self._set("environments", ["dev", "stage"])
        for reconciler in ("flux", "argocd"):
            self._set(f"install.{reconciler}", str(MANIFESTS / f"{reconciler}.yaml"))

    def clusters(self, *clusters: Mapping[str, object]) -> None:
        """Say which clusters there are."""
        self._set("clusters", list(clusters))

    def up(self, *options: str) -> str:
        return self._good("pulumi", "up", "-s", "dev", "--yes", "--skip-preview", *options)

    def refused_up(self) -> str:
        """Run an update that has to fail, and return what it printed."""
        command = ("pulumi", "up", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
        said = self.bench.refused(*command)
        self.said += said
        return said

    def destroy(self) -> str:
        return self._good("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview")

    def changes(self) -> Mapping[str, int]:
        return self.bench.changes("dev")

    def state(self) -> str:
        """Return the text of the stack's state."""
        (file,) = self.bench.state.rglob("stacks/kalypso/dev.json")
        return file.read_text()

    def kinds(self) -> list[str]:
        """Return the types of all resources of the state."""
        document: Any = json.loads(self.state())
        found = document["checkpoint"]["latest"].get("resources", [])
        return [resource["type"] for resource in found]

    def _set(self, key: str, value: object) -> None:
        file = self.bench.project / "Pulumi.dev.yaml"
        document = yaml.safe_load(file.read_text())
        document["config"][f"kalypso:{key}"] = value
        file.write_text(yaml.safe_dump(document, sort_keys=False))

    def _good(self, *command: str) -> str:
        said = self.bench.good(*command, "--non-interactive")
        self.said += said
        return said
