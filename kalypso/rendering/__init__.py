"""Rendering: from assignments, values and templates to manifests as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "AllowedKinds",
    "Failures",
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

if TYPE_CHECKING:
    from kalypso.rendering.failing import Failures
    from kalypso.rendering.identity import found_objects, glance
    from kalypso.rendering.jobs import Job, Renderer
    from kalypso.rendering.kinds import AllowedKinds
    from kalypso.rendering.namespace_names import namespace_of, namespaces
    from kalypso.rendering.objects import shapeless
    from kalypso.rendering.renderer import render
    from kalypso.rendering.settings import RenderSettings
else:
    __getattr__ = door(
        __name__,
        {
            "failing": ("Failures",),
            "jobs": ("Job", "Renderer"),
            "kinds": ("AllowedKinds",),
            "namespace_names": ("namespace_of", "namespaces"),
            "identity": ("found_objects", "glance"),
            "objects": ("shapeless",),
            "renderer": ("render",),
            "settings": ("RenderSettings",),
        },
    )
