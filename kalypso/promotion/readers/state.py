"""The state of one object of a reconciler, whichever reconciler it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kalypso.promotion.expected import ObjectId
from kalypso.promotion.findings import Finding


class State(NamedTuple):
    """What an object says about itself, and what it leads to."""

    findings: tuple[Finding, ...] = ()
    revision: str = ""
    """What it has, or has applied, as it writes it."""
    tried: str = ""
    """What it tried last, if that is another thing."""
    source: ObjectId | None = None
    """Where it takes that from."""
    applies: tuple[ObjectId, ...] = ()
    """What it has applied."""
    assessed: bool = True
    """Whether it looks itself at the health of what it applies."""
    destination: str = ""
    """Where it applies to, as its cluster names that; empty for its own cluster."""
    as_of: float | None = None
    """When it last confirmed this."""
    fresh_for: float | None = None
    """Seconds after which it should have confirmed it again."""
    moments: tuple[float, ...] = ()
    """Times in it, none of which can lie ahead."""
    body: Mapping[str, object] | None = None
    """What it is asked to do, to be compared with its manifest; None if nobody compares it."""
    steady_since: float | None = None
    """Since when it has been well without interruption, if it knows."""
