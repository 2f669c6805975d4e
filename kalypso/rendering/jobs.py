"""What there is to render: one assignment with its namespace and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kalypso.model import MANIFEST_KINDS, Assignment, ManifestKind


@dataclass(frozen=True, slots=True)
class Job:
    """What to render for one assignment."""

    assignment: Assignment
    namespace: str
    values: dict[str, Any]
    """The composed configuration; shared between assignments."""
    kinds: tuple[ManifestKind, ...] = MANIFEST_KINDS
    """Which of its manifests, in the order of :data:`MANIFEST_KINDS`."""
