"""Rendered manifests of an assignment: what rendering gives to the GitOps layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kalypso.model.platform import Assignment

ManifestKind = Literal["reconciler", "namespace", "config"]
ContentType = Literal["yaml", "sh"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One file of an assignment."""

    kind: ManifestKind
    content_type: ContentType
    text: str
    """Whole content; ends with a line feed."""


@dataclass(frozen=True, slots=True)
class RenderedAssignment:
    """All files of an assignment, in the order reconciler, namespace, config."""

    assignment: Assignment
    namespace: str
    manifests: tuple[Manifest, ...]
