"""Schemas of Flux's and Argo CD's kinds, which are part of Kalypso.

`python -m tools.reconciler_schemas` makes the files from the projects' own definitions.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from kalypso.conformance.object_kind import JsonSchema, ObjectKind

SHIPPED = Path(__file__).parent / "shipped"


def pack(schemas: Mapping[ObjectKind, JsonSchema]) -> bytes:
    """Return schemas as a file; equal ones give equal bytes."""
    rows = [[*kind, schemas[kind]] for kind in sorted(schemas)]
    text = json.dumps(rows, separators=(",", ":"), sort_keys=True)
    return gzip.compress(text.encode(), 9, mtime=0)


def unpack(content: bytes) -> dict[ObjectKind, JsonSchema]:
    """Return the schemas of a file that :func:`pack` made."""
    rows = json.loads(gzip.decompress(content))
    return {ObjectKind(api_version, kind): schema for api_version, kind, schema in rows}


def shipped_schemas() -> dict[ObjectKind, JsonSchema]:
    """Return the schemas of all kinds that come with Kalypso."""
    found: dict[ObjectKind, JsonSchema] = {}
    for path in sorted(SHIPPED.glob("*.json.gz")):
        found |= unpack(path.read_bytes())
    return found
