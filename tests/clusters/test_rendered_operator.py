"""The operator's objects as the real provider renders them: the reviewed ones, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clusters.cluster_bench import use_provider
from tests.components.test_control_plane import MOST, REVIEWED
from tests.engine.bench import Bench

PROGRAM = """
import json
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.control_plane import ControlPlane

there = kubernetes.Provider("there", render_yaml_to_directory="rendered")
args = json.loads(Path("operator.json").read_text())
ControlPlane("hub", args, pulumi.ResourceOptions(providers=[there]))
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A project whose objects were rendered."""
    made = Bench(tmp_path_factory.mktemp("rendered"))
    use_provider(made)
    (made.project / "__main__.py").unlink()
    (made.project / "__main__.py").write_text(PROGRAM)
    (made.project / "operator.json").write_text(json.dumps(MOST))
    made.init("dev")
    made.up("dev")
    return made


def by_name(documents: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return objects by kind and name, each of which is there once."""
    found = {f"{each['kind']} {each['metadata']['name']}": each for each in documents}
    assert len(found) == len(documents)
    return found


def rendered(folder: Path) -> dict[str, dict[str, Any]]:
    return by_name([yaml.safe_load(path.read_text()) for path in sorted(folder.rglob("*.yaml"))])


def test_the_provider_renders_the_reviewed_objects(bench: Bench) -> None:
    reviewed = by_name(list(yaml.safe_load_all(REVIEWED.read_text())))
    assert rendered(bench.project / "rendered") == reviewed


def test_objects_that_were_rendered_do_not_change(bench: Bench) -> None:
    assert bench.changes("dev").keys() == {"same"}


def test_an_environment_that_goes_takes_its_stack_along(bench: Bench) -> None:
    less = json.dumps({**MOST, "environments": ["dev"]})
    (bench.project / "operator.json").write_text(less)
    bench.up("dev")
    stacks = [each for each in rendered(bench.project / "rendered") if each.startswith("Stack")]
    assert stacks == ["Stack dev"]
