"""The example in YAML in a folder of its own, with the real engine on it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.engine.bench import ROOT, SECONDS, engine_folder
from tests.standins import documents
from tests.standins.plugin_host import FOLDER, plugin_variables
from tests.standins.vault import SECRETS_PROVIDER, vault_variables
from tests.support.built import part_folder
from tests.support.prepared import prepared
from tools.cluster_parts import YAML_HOST

EXAMPLE = ROOT / "examples" / "yaml"
PLUGIN = ROOT / "components" / "provider" / "plugin"
READER = "only-the-clusters-read-with-it"


class InYaml:
    """A copy of the example, with a state of its own and stand-ins for the clusters."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.project.mkdir()
        shutil.copyfile(EXAMPLE / "Pulumi.yaml", self.project / "Pulumi.yaml")
        self.about = yaml.safe_load((EXAMPLE / "Pulumi.yaml").read_text())
        standin = {"name": "kubernetes", "path": str(FOLDER)}
        self.about["plugins"]["providers"] = [{"name": "kalypso", "path": str(PLUGIN)}, standin]
        self.clusters, self.state = folder / "clusters", folder / "state"
        self.clusters.mkdir()
        path = [Path(sys.prefix) / "bin", engine_folder(), part_folder(YAML_HOST)]
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
            "VIRTUAL_ENV": sys.prefix,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": self.state.as_uri(),
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            **vault_variables(),
            "PULUMI_STACK": "dev",
            "KALYPSO_TEST_AZURE": str(self.clusters),
            **plugin_variables(),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / ".kalypso" / "sdks")]),
        }
        self.write()
        made = prepared("stack-in-yaml", _make_stack)
        shutil.copyfile(made / "Pulumi.dev.yaml", self.project / "Pulumi.dev.yaml")
        shutil.copytree(made / "state", self.state)

    def write(self) -> None:
        """Write the program as it is now."""
        (self.project / "Pulumi.yaml").write_text(yaml.safe_dump(self.about, sort_keys=False))

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.project, env=self.environment, text=True, check=False, timeout=SECONDS,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def good(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        assert "exited prematurely" not in done.stdout, done.stdout
        return done.stdout

    def objects(self) -> list[tuple[str, str, str]]:
        """Return what was made on clusters: cluster, kind and name."""
        found = documents.read_all(self.clusters / "objects")
        return sorted(
            (each["cluster"], each["object"]["kind"], each["object"]["metadata"]["name"])
            for each in found
        )


def _make_stack(folder: Path) -> None:
    """Make the stack of the example, with its secret setting."""
    shutil.copyfile(EXAMPLE / "Pulumi.yaml", folder / "Pulumi.yaml")
    state = folder / "state"
    state.mkdir()
    environment = {
        **os.environ,
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        **vault_variables(),
    }
    for arguments in (
        ("stack", "init", "dev", "--secrets-provider", SECRETS_PROVIDER),
        ("config", "set", "-s", "dev", "--secret", "readerToken", READER),
    ):
        command = [engine_folder() / "pulumi", *arguments, "--non-interactive"]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
