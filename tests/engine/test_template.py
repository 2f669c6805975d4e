"""`pulumi new` with the repository as its template makes a project that previews."""

import shutil
from pathlib import Path

import yaml

from tests.engine.bench import LINKED, ROOT, Bench, played_pip_folder

COPIED = ("Pulumi.yaml", "__main__.py", "requirements.txt", ".gitignore")


def test_pulumi_new_makes_a_project_of_another_name_that_previews(
    bench: Bench, tmp_path: Path
) -> None:
    template = tmp_path / "template"
    template.mkdir()
    for name in COPIED:
        shutil.copyfile(ROOT / name, template / name)
    shutil.copytree(
        ROOT / "components", template / "components", ignore=shutil.ignore_patterns("__pycache__")
    )
    stack = "config:\n  kalypso:environment: dev\n  kalypso:environments: [dev, stage]\n"
    (template / "Pulumi.dev.yaml").write_text(stack)
    shutil.rmtree(bench.project)
    bench.project.mkdir()
    bench.good("pulumi", "new", str(template), "--name", "acme", "--yes", "--generate-only")
    for name in LINKED[2:]:
        (bench.project / name).symlink_to(ROOT / name)
    file = bench.project / "Pulumi.yaml"
    made = yaml.safe_load(file.read_text())
    assert (made["name"], "template" in made) == ("acme", False)
    shutil.copytree(played_pip_folder(), bench.project, dirs_exist_ok=True)
    made["runtime"]["options"]["virtualenv"] = bench.environment["VIRTUAL_ENV"]
    file.write_text(yaml.safe_dump(made))
    bench.make_stacks("dev")
    assert "ClusterType large create" in bench.good(
        "pulumi", "preview", "-s", "dev", "--non-interactive"
    )
    bench.good("pulumi", "config", "set", "prefix", "acme")
    refused = bench.refused("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "the setting 'acme:prefix' is not read: Kalypso's are under 'kalypso'" in refused
