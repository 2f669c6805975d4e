"""The package of components: asked for its schema by the engine, and used from YAML."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import kalypso
from tests.engine.bench import ROOT, SECONDS, engine_folder
from tests.standins import documents
from tests.standins.vault import SECRETS_PROVIDER, vault_variables
from tests.support.built import part_folder
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
        standin = {"name": "kubernetes", "path": str(ROOT / "tests" / "standins" / "kubernetes")}
        self.about["plugins"]["providers"] = [{"name": "kalypso", "path": str(PLUGIN)}, standin]
        self.clusters, self.state = folder / "clusters", folder / "state"
        for made in (self.clusters, self.state):
            made.mkdir()
        path = [Path(sys.prefix) / "bin", engine_folder(), part_folder(YAML_HOST)]
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
            "VIRTUAL_ENV": sys.prefix,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": self.state.as_uri(),
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            **vault_variables(),
            "KALYPSO_TEST_AZURE": str(self.clusters),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / ".kalypso" / "sdks")]),
        }
        self.write()
        self.good("stack", "init", "dev", "--secrets-provider", SECRETS_PROVIDER)
        self.good("config", "set", "--secret", "readerToken", READER)

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


@pytest.fixture
def in_yaml(tmp_path: Path) -> InYaml:
    return InYaml(tmp_path)


def test_the_example_in_yaml_makes_repositories_and_sets_clusters_up(in_yaml: InYaml) -> None:
    in_yaml.good("preview")
    assert not (in_yaml.project / "forge").exists()
    in_yaml.good("up", "--yes", "--skip-preview")
    made = sorted(each.name for each in (in_yaml.project / "forge").glob("*.git"))
    assert made == [
        "acme-app-gitops.git",
        "acme-app-src.git",
        "acme-control-plane.git",
        "acme-gitops.git",
        "acme-svc-gitops.git",
        "acme-svc-src.git",
    ]
    found = in_yaml.good("stack", "output", "gitops").strip()
    assert found == str(in_yaml.project / "forge" / "acme-gitops.git")
    assert [each for each in in_yaml.objects() if each[:2] != ("shop", "Secret")] == [
        ("edge", "GitRepository", "platform-dev"),
        ("edge", "Kustomization", "platform-dev"),
        ("edge", "Secret", "repo-secret"),
        ("shop", "AppProject", "kalypso"),
        ("shop", "Application", "platform-dev"),
        ("shop", "Application", "platform-stage"),
    ]
    assert READER not in json.dumps(json.loads(in_yaml.good("stack", "export")))
    in_yaml.good("preview", "--expect-no-changes")
    in_yaml.good("destroy", "--yes", "--skip-preview")
    assert not list((in_yaml.project / "forge").glob("*.git"))
    assert in_yaml.objects() == []


def test_a_renamed_cluster_keeps_what_was_set_up_on_it(in_yaml: InYaml) -> None:
    in_yaml.good("up", "--yes", "--skip-preview")
    before = in_yaml.objects()
    edge, shop = in_yaml.about["resources"]["clusters"]["properties"]["clusters"]
    edge |= {"name": "far", "formerly": ["edge"]}
    shop |= {"name": "store", "formerly": ["shop"]}
    in_yaml.write()
    in_yaml.good("preview", "--expect-no-changes")
    in_yaml.good("up", "--yes", "--skip-preview")
    assert in_yaml.objects() == before
    edge |= {"name": "farther", "formerly": ["edge", "far"]}
    in_yaml.write()
    in_yaml.good("preview", "--expect-no-changes")


def test_wrong_inputs_are_all_reported_with_their_places_before_anything_is_made(
    in_yaml: InYaml,
) -> None:
    given = in_yaml.about["resources"]["clusters"]["properties"]
    given["clusters"][0]["reconciler"] = "fluxx"
    given["clusters"][1]["reconciler"] = "argo"
    in_yaml.about["resources"]["clusters"]["options"] = {}
    in_yaml.write()
    done = in_yaml.run("preview")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert "clusters[0].reconciler" in done.stdout
    assert "clusters[1].reconciler" in done.stdout
    assert "the value is not one of flux, argocd" in done.stdout


def test_the_engine_reads_the_schema_from_the_executable(in_yaml: InYaml) -> None:
    printed = in_yaml.good("package", "get-schema", str(PLUGIN / "pulumi-resource-kalypso"))
    document = json.loads(printed)
    reviewed = json.loads((ROOT / "tests" / "components" / "schema.json").read_text())
    assert document["resources"] == shortened(reviewed["resources"])
    assert document["types"] == shortened(reviewed["types"])


def only_repositories(in_yaml: InYaml) -> Path:
    """Leave what needs no other package, as a program that begins has it; return the plugin.

    Once a program names the version of a plugin, the engine keeps the schema beside its folder.
    """
    executable = in_yaml.project.parent / "kalypso" / "plugin" / "pulumi-resource-kalypso"
    executable.parent.mkdir(parents=True)
    executable.symlink_to(PLUGIN / executable.name)
    del in_yaml.about["resources"]["clusters"]
    in_yaml.about["plugins"]["providers"] = [{"name": "kalypso", "path": str(executable.parent)}]
    in_yaml.write()
    return executable


def test_a_program_that_adds_the_package_names_its_version_and_runs(in_yaml: InYaml) -> None:
    executable = only_repositories(in_yaml)
    for _ in range(2):  # again, as after an upgrade
        assert "Added package kalypso" in in_yaml.good("package", "add", str(executable))
        written = yaml.safe_load((in_yaml.project / "Pulumi.yaml").read_text())
        assert written == {
            **in_yaml.about,
            "packages": {"kalypso": f"kalypso@{kalypso.__version__}"},
        }
        (sdk,) = (in_yaml.project / "sdks" / "kalypso").iterdir()
        assert yaml.safe_load(sdk.read_text()) == {
            "packageDeclarationVersion": 1,
            "name": "kalypso",
            "version": kalypso.__version__,
        }
    in_yaml.good("up", "--yes", "--skip-preview")
    assert len(list((in_yaml.project / "forge").glob("*.git"))) == 6
    in_yaml.good("preview", "--expect-no-changes")


def test_the_script_of_a_clone_serves_the_components_by_their_name_in_the_wheel(
    in_yaml: InYaml,
) -> None:
    only_repositories(in_yaml)
    del in_yaml.about["plugins"]
    in_yaml.about["packages"] = {"kalypso": f"kalypso@{kalypso.__version__}"}
    in_yaml.write()
    script = in_yaml.project / "bin" / "pulumi-resource-kalypso"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable}\nfrom kalypso_components.provider.server import main\nmain()\n"
    )
    script.chmod(0o755)
    path = in_yaml.environment["PATH"]
    in_yaml.environment["PATH"] = os.pathsep.join([str(script.parent), path])
    assert "14 to create" in in_yaml.good("preview")


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        (PLUGIN, "expected"),
        (PLUGIN / "nothing-here", "no such file or directory"),
    ],
)
def test_a_package_that_is_named_by_something_else_is_refused_and_not_written_down(
    in_yaml: InYaml, named: Path, sentence: str
) -> None:
    before = (in_yaml.project / "Pulumi.yaml").read_text()
    done = in_yaml.run("package", "add", str(named))
    assert done.returncode != 0
    assert sentence in done.stdout
    assert (in_yaml.project / "Pulumi.yaml").read_text() == before


@pytest.mark.parametrize("example", ["yaml", "typescript"])
def test_an_example_names_the_plugin_as_the_engine_takes_it(example: str) -> None:
    # The engine refuses an executable, and `packages` takes no path at all.
    folder = EXAMPLE.parent / example
    about = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    (plugin,) = about["plugins"]["providers"]
    assert (folder / plugin["path"]).resolve() == PLUGIN
    assert "packages" not in about


def shortened(value: Any) -> Any:
    """Return a schema without what is empty, which the engine does not print."""
    if not isinstance(value, dict):
        return value
    return {key: shortened(each) for key, each in value.items() if each not in ([], {})}
