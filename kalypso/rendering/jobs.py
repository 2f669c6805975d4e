"""What there is to render, one assignment with its namespace and values, and what renders it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from kalypso.errors import Collector
from kalypso.model import MANIFEST_KINDS, Assignment, ManifestKind, Platform, RenderedAssignment
from kalypso.rendering.settings import RenderSettings


class Job(NamedTuple):
    """What to render for one assignment."""

    assignment: Assignment
    namespace: str
    values: dict[str, Any]
    """The composed configuration; shared between assignments."""
    kinds: tuple[ManifestKind, ...] = MANIFEST_KINDS
    """Which of its manifests, in the order of :data:`MANIFEST_KINDS`."""


Renderer = Callable[
    [Platform, Sequence[Job], RenderSettings, Collector], Iterable[RenderedAssignment]
]
"""What :func:`kalypso.rendering.render` is; another one may remember what it rendered."""
