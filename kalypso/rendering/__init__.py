"""Rendering: from assignments, values and templates to manifests as text."""

from __future__ import annotations

from kalypso.rendering.kinds import AllowedKinds
from kalypso.rendering.namespace_names import namespace_of, namespaces
from kalypso.rendering.objects import Found, found_objects, glance, shapeless
from kalypso.rendering.renderer import (
    Job,
    Renderer,
    RenderSettings,
    render,
)

__all__ = [
    "AllowedKinds",
    "Found",
    "Job",
    "RenderSettings",
    "Renderer",
    "found_objects",
    "glance",
    "namespace_of",
    "namespaces",
    "render",
    "shapeless",
]
