"""Data for programs, with the version of its form: what a program reads stays as it is.

Fields may be added within a version. One that goes or changes its meaning makes a new version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kalypso.report.plain import to_json

API_VERSION = "kalypso.io/v1"
"""Of every JSON and YAML output."""


def versioned(kind: str, content: Mapping[str, object]) -> dict[str, object]:
    """Return a record with its version and its kind before it."""
    return {"apiVersion": API_VERSION, "kind": kind, **content}


def versioned_list(kind: str, items: Sequence[object]) -> dict[str, object]:
    """Return records of one kind as a list of it, as `kubectl` has its lists."""
    return {"apiVersion": API_VERSION, "kind": f"{kind}List", "items": list(items)}


def document(kind: str, content: Mapping[str, object], indent: int | None = 2) -> str:
    """Return a record as JSON, with its version and kind."""
    return to_json(versioned(kind, content), indent)


def document_list(kind: str, items: Sequence[object]) -> str:
    """Return records of one kind as JSON, with version and kind of the list."""
    return to_json(versioned_list(kind, items))
