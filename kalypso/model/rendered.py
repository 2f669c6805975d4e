"""Rendered manifests of an assignment: what rendering gives to the GitOps layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from kalypso.model.objects import ClusterType
from kalypso.model.platform import Assignment

ManifestKind = Literal["reconciler", "namespace", "config"]
MANIFEST_KINDS: tuple[ManifestKind, ...] = ("reconciler", "namespace", "config")
"""All of them, in the order in which an assignment's manifests are rendered."""
TEMPLATE_FIELDS: Mapping[ManifestKind, str] = {
    "reconciler": "reconciler",
    "namespace": "namespaceService",
    "config": "configType",
}
"""The field of a cluster type's spec that names the template of a kind."""
ContentType = Literal["yaml", "sh"]


class Manifest(NamedTuple):
    """One file of an assignment."""

    kind: ManifestKind
    content_type: ContentType
    text: str
    """Whole content; ends with a line feed."""
    objects: tuple[str, ...] | None = None
    """The kinds of its objects; None if one of them may be there twice."""


class RenderedAssignment(NamedTuple):
    """All files of an assignment, in the order of :data:`MANIFEST_KINDS`."""

    assignment: Assignment
    namespace: str
    manifests: tuple[Manifest, ...]


def template_name(cluster: ClusterType, kind: ManifestKind) -> str:
    """Return the name of the template that a cluster type has for a kind of manifest."""
    match kind:
        case "reconciler":
            return cluster.reconciler
        case "namespace":
            return cluster.namespace_service
        case "config":
            return cluster.config_type
