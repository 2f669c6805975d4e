"""Cuts the schemas of a few kinds out of the package kubernetes-validate, for the tests.

Run `python -m tests.conformance.record FOLDER` with the folder into which
`pip install --no-deps --target FOLDER kubernetes-validate` put the package, which has 110 MB in
17,000 files. What is kept is as it was, but for descriptions and for definitions that no kept kind
needs. The package and the schemas are under the Apache License 2.0.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent / "kubernetes_validate" / "kubernetes-json-schema"
KEPT = {
    "v1.36.0-local-strict": ("configmap-v1", "ipaddress-networking-v1beta1", "namespace-v1"),
    "v1.37.0-local-strict": (
        "configmap-v1",
        "ipaddress-networking-v1",
        "namespace-v1",
        "role-rbac-v1",
        "secret-v1",
        "service-v1",
    ),
}
_EVERYWHERE = "customresourcedefinition-apiextensions-v1"


def main(package: Path) -> None:
    """Write the cut."""
    for version, kinds in KEPT.items():
        source = package / "kubernetes_validate" / "kubernetes-json-schema" / version
        definitions = json.loads((source / "_definitions.json").read_text("utf-8"))
        needed: dict[str, object] = {}
        for kind in (*kinds, _EVERYWHERE):
            schema = json.loads((source / f"{kind}.json").read_text("utf-8"))
            _write(HERE / version / f"{kind}.json", schema)
            waiting = list(_references(schema))
            while waiting:
                name = waiting.pop()
                if name not in needed:
                    needed[name] = definitions["$defs"][name]
                    waiting += _references(needed[name])
        whole = definitions | {"$defs": {name: needed[name] for name in sorted(needed)}}
        _write(HERE / version / "_definitions.json", whole)


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.rpartition("/")[2]
        for each in node.values():
            yield from _references(each)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _write(path: Path, schema: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_bare(schema), separators=(",", ":")) + "\n", "utf-8")


def _bare(node: object) -> object:
    """Return a schema without its descriptions; a field may be called so."""
    if isinstance(node, dict):
        return {k: _bare(v) for k, v in node.items() if not (k == "description" and v == str(v))}
    return [_bare(each) for each in node] if isinstance(node, list) else node


if __name__ == "__main__":
    main(Path(sys.argv[1]))
