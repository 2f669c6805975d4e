"""Rendering: from assignments, values and templates to manifests as text."""

from __future__ import annotations

from kalypso.rendering.kinds import AllowedKinds
from kalypso.rendering.namespace_names import namespace_of, namespaces
from kalypso.rendering.renderer import (
    Job,
    Renderer,
    RenderSettings,
    render,
)

__all__ = [
    "AllowedKinds",
    "Job",
    "RenderSettings",
    "Renderer",
    "namespace_of",
    "namespaces",
    "render",
]
