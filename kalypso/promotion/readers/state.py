"""The state of one object of a reconciler, whichever reconciler it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kalypso.promotion.expected import ObjectId
from kalypso.promotion.findings import Finding


class Times(NamedTuple):
    """The times of one object."""

    moments: tuple[float, ...] = ()
    """Those that cannot lie ahead."""
    as_of: float | None = None
    """When it last confirmed what it says."""
    steady_since: float | None = None
    """Since when it has been well without interruption, if it knows."""


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
    fresh_for: float | None = None
    """Seconds after which it should have confirmed it again."""
    moments: tuple[float, ...] = ()
    body: Mapping[str, object] | None = None
    """What it is asked to do, to be compared with its manifest; None if nobody compares it."""
    steady_since: float | None = None

    @property
    def times(self) -> Times:
        """Its times."""
        return Times(self.moments, self.as_of, self.steady_since)

    def at(self, times: Times) -> State:
        """Return what another object says that differs in its times only."""
        return self._replace(
            moments=times.moments, as_of=times.as_of, steady_since=times.steady_since
        )
