"""The package of components: asked for its schema by the engine, and used from YAML."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import kalypso
from tests.engine.bench import ROOT
from tests.engine.yaml_bench import EXAMPLE, PLUGIN, READER, InYaml


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
    in_yaml.good("up", "--yes", "--skip-preview", "--expect-no-changes")
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
