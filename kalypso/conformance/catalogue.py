"""All schemas there are: a user's own before Kalypso's, and those before Kubernetes'."""

from __future__ import annotations

import msgspec

from kalypso.conformance.kubernetes import KubernetesSchemas, installed
from kalypso.conformance.object_kind import JsonSchema, ObjectKind
from kalypso.conformance.own_schemas import OwnSchemas, read_own_schemas
from kalypso.conformance.shipped_schemas import shipped_schemas
from kalypso.conformance.violations import ObjectSchema
from kalypso.model import Source


class Catalogue(msgspec.Struct, frozen=True):
    """Finds the schema of a kind, and compiles it when it is asked for the first time."""

    own: OwnSchemas
    shipped: dict[ObjectKind, JsonSchema]
    kubernetes: KubernetesSchemas
    _compiled: dict[ObjectKind, ObjectSchema | None] = msgspec.field(default_factory=dict)

    def schema(self, kind: ObjectKind) -> ObjectSchema | None:
        """Return the schema of a kind; None if nobody has one."""
        if kind not in self._compiled:
            sources = self.own.schema, self.shipped.get, self.kubernetes.schema
            found = next((each for look in sources if (each := look(kind)) is not None), None)
            self._compiled[kind] = None if found is None else ObjectSchema.compiled(found)
        return self._compiled[kind]


def open_catalogue(source: Source | None, version: str) -> Catalogue:
    """Return the schemas of a version of Kubernetes, of Flux and Argo CD, and of a folder.

    Args:
        source: The files of a user's own schemas; None for none.
        version: Of Kubernetes; empty for the newest that is installed.

    Raises:
        SettingsError: Kubernetes' schemas are not installed, or not those of the version.
        Problems: Files of the source cannot be read.
    """
    kubernetes = installed(version)
    return Catalogue(read_own_schemas(source, kubernetes), shipped_schemas(), kubernetes)
