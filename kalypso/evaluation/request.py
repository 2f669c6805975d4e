"""What to evaluate: where a model begins, where its repositories are read, and how."""

from __future__ import annotations

import msgspec

from kalypso.git import mask
from kalypso.loading import ControlPlane
from kalypso.model import Pointer, Repositories, SourceKey
from kalypso.rendering import RenderSettings


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to evaluate, and how."""

    start: ControlPlane
    """The environment's branch of the control plane."""
    repositories: Repositories
    settings: RenderSettings = msgspec.field(default_factory=RenderSettings)
    strict: bool = False
    """Unknown fields are errors, not warnings."""
    left_out: frozenset[SourceKey] = frozenset()
    """Application sources that are treated as if nobody had registered them."""


def key_of(pointer: Pointer) -> SourceKey:
    """Return what the source of a pointer is known by."""
    return mask(pointer.repo), pointer.branch
