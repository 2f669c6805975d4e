"""Makes the schemas of Flux's and Argo CD's kinds that Kalypso ships, out of their Go modules.

Run `python -m tools.reconciler_schemas` in the tests' environment after a new version of either:
the versions are those of the laboratory's clusters, in `tools/cluster_manifests.py`. Flux's
controllers for Helm, images and notifications are not among the modules that can be had.
"""

from pathlib import Path

import yaml

from kalypso.conformance.definitions import schemas_of
from kalypso.conformance.object_kind import JsonSchema, ObjectKind
from kalypso.conformance.shipped_schemas import SHIPPED, pack
from tools.cluster_manifests import ARGO_CD, KUSTOMIZE, SOURCE, module_files
from tools.console import step

DEFINITIONS = {
    "argocd": ((ARGO_CD, "manifests/crds/*-crd.yaml"),),
    "flux": ((SOURCE, "config/crd/bases/*.yaml"), (KUSTOMIZE, "config/crd/bases/*.yaml")),
}


def schemas(name: str) -> dict[ObjectKind, JsonSchema]:
    """Return the schemas of a reconciler's kinds in every version.

    Raises:
        Stop: A module cannot be had, or is not what it was.
    """
    found: dict[ObjectKind, JsonSchema] = {}
    for module, files in DEFINITIONS[name]:
        for path in module_files(module, files):
            found |= schemas_of(yaml.load(path.read_text(), yaml.CSafeLoader))
    return found


def write(folder: Path) -> None:
    """Write a file for each reconciler.

    Raises:
        Stop: A module cannot be had, or is not what it was.
    """
    for reconciler in DEFINITIONS:
        step(f"writing the schemas of {reconciler}")
        (folder / f"{reconciler}.json.gz").write_bytes(pack(schemas(reconciler)))


if __name__ == "__main__":
    write(SHIPPED)
