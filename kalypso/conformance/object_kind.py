"""Which kind of object a schema is for."""

from __future__ import annotations

from typing import Any, NamedTuple


class ObjectKind(NamedTuple):
    """A kind in one version of its group."""

    api_version: str
    """Group and version, such as ``apps/v1``; the version alone in the core group."""
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} ({self.api_version})"

    @property
    def group(self) -> str:
        """The group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def version(self) -> str:
        """The version in its group."""
        return self.api_version.rpartition("/")[2]


def kind_of(body: object) -> ObjectKind | None:
    """Return the kind of an object; None for what is not one."""
    match body:
        case {"apiVersion": str(api_version), "kind": str(kind)} if api_version and kind:
            return ObjectKind(api_version, kind)
    return None


LIST = ObjectKind("v1", "List")
"""What kubectl prints of several objects."""
JsonSchema = dict[str, Any]
"""A JSON Schema of draft 2020-12 that refers to nothing outside itself."""
