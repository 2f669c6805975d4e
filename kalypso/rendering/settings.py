"""What a stack may choose about rendering; settings are read without a renderer."""

from __future__ import annotations

import msgspec

from kalypso.model import Convention
from kalypso.rendering.kinds import AllowedKinds
from kalypso.template import MissingKey


class RenderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a stack may choose about rendering."""

    convention: Convention = "walkthrough"
    missing_key: MissingKey = "error"
    allowed_functions: frozenset[str] = frozenset()
    """Functions that do not repeat and that are admitted all the same."""
    allowed_kinds: AllowedKinds = msgspec.field(default_factory=dict)
    """Kubernetes kinds that manifests of a type may hold; for a type that is absent, those that its
    templates write literally, and for namespaces ``Namespace``."""
