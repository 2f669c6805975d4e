"""A platform with clusters in the stand-in Azure, with the real engine on it."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.engine.bench import ROOT, Bench, up_command
from tests.standins import documents
from tests.standins.azure.arm import Account, Azure
from tests.standins.plugin_host import FOLDER, PLUGINS, plugin_variables
from tests.support.prepared import prepared

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/kalypso-rg"
ARGO_CD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: applications.argoproj.io}
"""
THREE = (
    {"name": "control-plane", "role": "control-plane", "provider": "azure"},
    {"name": "drone", "provider": "azure"},
    {"name": "large", "provider": "azure", "evidence": ["reports"]},
)
"""The clusters of the walkthrough."""
DRONE = {"name": "drone", "provider": "azure"}


class InAzure:
    """The stack dev, whose clusters are in Azure."""

    makes_stack = True
    """Whether this makes the stack; another bench may have made it."""

    def __init__(self, bench: Bench, clusters: Sequence[object] = THREE, **azure: object) -> None:
        self.bench = bench
        folder = bench.project.parent / "azure"
        self.azure = Azure(folder)
        self.azure.allow(Account(subscriptions=(SUBSCRIPTION,)))
        bench.environment |= {
            "KALYPSO_TEST_AZURE": str(folder),
            **plugin_variables(),
            "PYTHONPATH": str(ROOT / ".kalypso" / "sdks"),
            "XDG_CACHE_HOME": str(bench.project.parent / "cache"),
        }
        for variable in ("ARM_SUBSCRIPTION_ID", "KUBECONFIG"):
            bench.environment.pop(variable, None)
        _use_plugins(bench.project / "Pulumi.yaml")
        if self.makes_stack:
            bench.init("dev")
        (bench.project / "argocd.yaml").write_text(ARGO_CD)
        self.settings: dict[str, object] = {
            "location": "westus2",
            "resourceGroup": "kalypso-rg",
            "subscription": SUBSCRIPTION,
            **azure,
        }
        bench.set("dev", {"install.argocd": "argocd.yaml"})
        self.set(clusters)

    def set(self, clusters: Sequence[object], **azure: object) -> None:
        """Write the clusters, and settings of Azure, into the stack's file."""
        self.settings |= azure
        file = self.bench.project / "Pulumi.dev.yaml"
        document = yaml.safe_load(file.read_text())
        document["config"] |= {
            "kalypso:environments": ["dev", "stage"],
            "kalypso:azure": self.settings,
            "kalypso:clusters": list(clusters),
        }
        file.write_text(yaml.safe_dump(document, sort_keys=False))

    def up(self) -> str:
        return self.bench.up("dev")

    def fails(self) -> str:
        """Run `pulumi up`, which has to fail, and return what it says."""
        return self.bench.refused(*up_command("dev"))

    def destroy(self) -> str:
        command = ("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
        return self.bench.good(*command)

    @property
    def there(self) -> list[str]:
        """What is in Azure, by the last two parts of each id."""
        return sorted("/".join(each.split("/")[-2:]) for each in self.azure.resources)

    def output(self, name: str, *options: str) -> Any:
        told = self.bench.good(
            "pulumi", "stack", "output", name, "-s", "dev", "--json", "--non-interactive", *options
        )
        return json.loads(told)

    @property
    def objects(self) -> list[tuple[str, str, str]]:
        """What was made on clusters: cluster, kind and name."""
        found = documents.read_all(self._objects)
        return sorted(
            (each["cluster"], each["object"]["kind"], each["object"]["metadata"]["name"])
            for each in found
        )

    @property
    def _objects(self) -> Path:
        return self.bench.project.parent / "azure" / "objects"


def drone_is_up(bench: Bench) -> InAzure:
    """Return a platform whose cluster drone is up: a copy of one."""
    here = InAzure(bench, [DRONE])
    made = prepared("drone-is-up", lambda folder: InAzure(Bench(folder), [DRONE]).up())
    return _gone_on_from(made, here)


def drone_and_stage_are_up(bench: Bench) -> InAzure:
    """Return a platform whose cluster drone is up, and the stack stage beside it: a copy of one."""
    here = InAzure(bench, [DRONE])
    return _gone_on_from(prepared("drone-and-stage-are-up", _bring_stage_up), here)


def _bring_stage_up(folder: Path) -> None:
    bench = Bench(folder)
    drone_is_up(bench)
    bench.make_stacks("stage")
    bench.up("stage")


def _gone_on_from(made: Path, here: InAzure) -> InAzure:
    here.bench.go_on_from(made)
    shutil.copytree(made / "azure", here.bench.folder / "azure", dirs_exist_ok=True)
    return here


def _use_plugins(file: Path) -> None:
    about = yaml.safe_load(file.read_text())
    about["plugins"]["providers"] += [{"name": name, "path": str(FOLDER)} for name in PLUGINS]
    file.write_text(yaml.safe_dump(about))
