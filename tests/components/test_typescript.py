"""The example in TypeScript is checked by the compiler, against an SDK made from the schema."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from components.provider.hosted import COMPONENTS
from components.provider.schema import schema
from components.resources import RESOURCES
from tests.support.built import part_folder
from tests.support.npm import ROOT, installed
from tools.cluster_parts import NODEJS_SDK

EXAMPLE = ROOT / "examples" / "typescript"
PACKAGES = ROOT / "tests" / "support" / "typescript" / "package.json"
CHECK = {
    "extends": "./tsconfig.json",
    "compilerOptions": {
        "noEmit": True,
        "baseUrl": ".",
        "paths": {"@pulumi/kalypso": ["./sdk"]},
    },
}
"""What `pulumi package add` writes into package.json comes from a folder here."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example, with the SDK of the package beside it."""
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLE, folder)
    (folder / "node_modules").symlink_to(installed("npm-typescript", PACKAGES))
    (folder / "check.json").write_text(json.dumps(CHECK))
    subprocess.run(
        [part_folder(NODEJS_SDK) / "sdk-for-nodejs", folder / "sdk"],
        input=schema("0.0.0", RESOURCES, COMPONENTS), text=True, check=True,
    )  # fmt: skip
    return folder


def compiled(project: Path) -> list[str]:
    """Return what the compiler complains about."""
    done = subprocess.run(
        ["node", "node_modules/typescript/bin/tsc", "-p", "check.json", "--pretty", "false"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if not line.startswith(" ")]


def test_the_example_compiles(project: Path) -> None:
    assert compiled(project) == []


def test_the_compiler_finds_inputs_that_are_wrong_missing_or_known_too_late(
    project: Path,
) -> None:
    program = project / "index.ts"
    text = program.read_text()
    for right, wrong in (
        ("prune: true", "prune: 3"),
        ('clusterName: "drone",', ""),
        ('context: "shop"', "context: aks.resourceId"),
        ("aks.kubeconfig", "aks.kubeConfig"),
    ):
        assert right in text
        text = text.replace(right, wrong)
    program.write_text(text)
    aks, kubeconfig, prune, context = (line.split(": ", 1)[1] for line in compiled(project))
    assert aks.startswith("error TS2345: Argument of type '{ resourceGroup: string;")
    assert aks.endswith("is not assignable to parameter of type 'AksClusterArgs'.")
    assert kubeconfig.startswith("error TS2551: Property 'kubeConfig' does not exist on type")
    assert prune == "error TS2322: Type 'number' is not assignable to type 'boolean | undefined'."
    assert context == (
        "error TS2322: Type 'Output<string>' is not assignable to type 'string | undefined'."
    )
