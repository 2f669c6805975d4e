"""Another stack takes from the platform's stack what only Azure knows."""

import json

import yaml

from tests.engine.azure_bench import GROUP, InAzure
from tests.engine.bench import STACK_INIT, Bench

DRONE = {"name": "drone", "provider": "azure"}
PROGRAM = """\
import pulumi

platform = pulumi.StackReference("organization/kalypso/dev")
clusters = platform.require_output("clusters")
pulumi.export("ids", clusters.apply(lambda found: [each["resourceId"] for each in found.values()]))
pulumi.export("kubeconfigs", platform.require_output("kubeconfigs"))
"""


def test_another_stack_reads_the_ids_of_clusters_and_their_kubeconfigs_as_secrets(
    bench: Bench,
) -> None:
    here = InAzure(bench, [DRONE])
    here.up()
    folder = bench.project / "reader"
    folder.mkdir()
    (folder / "__main__.py").write_text(PROGRAM)
    about = {"name": "reader", "runtime": {"name": "python"}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(about))
    inside = ("-C", str(folder), "--non-interactive")
    bench.good(*STACK_INIT, "dev", *inside)
    said = bench.good("pulumi", "up", "-s", "dev", "--yes", "--skip-preview", *inside)
    outputs = json.loads(bench.good("pulumi", "stack", "output", "-s", "dev", "--json", *inside))
    assert outputs["ids"] == [f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/drone"]
    assert outputs["kubeconfigs"] == "[secret]"
    assert "t0ken-of-drone" not in said
    state = bench.good("pulumi", "stack", "export", "-s", "dev", *inside)
    assert "t0ken-of-drone" not in state


def test_a_stack_that_is_not_there_yet_is_named(bench: Bench) -> None:
    InAzure(bench, [DRONE])
    folder = bench.project / "reader"
    folder.mkdir()
    (folder / "__main__.py").write_text(PROGRAM.replace("kalypso/dev", "kalypso/nowhere"))
    about = {"name": "reader", "runtime": {"name": "python"}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(about))
    inside = ("-C", str(folder), "--non-interactive")
    bench.good(*STACK_INIT, "dev", *inside)
    done = bench.run("pulumi", "up", "-s", "dev", "--yes", "--skip-preview", *inside)
    assert done.returncode != 0
    assert "nowhere" in done.stdout
