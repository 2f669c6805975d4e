"""Evidence: what was seen of one cluster in one way, in words that every kind of reader shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

import msgspec

from kalypso.promotion.expected import Channel, Expected, ObjectId
from kalypso.promotion.findings import Finding

Sees = Literal["objects", "reconcilers", "nothing"]
"""How deep it goes: everything that was applied, Flux's and Argo CD's own, or only the whole."""


class Sighting(NamedTuple):
    """One object that the environment's reconciler applied."""

    findings: tuple[Finding, ...] = ()
    body: Mapping[str, object] | None = None
    """What it is asked to do now, to be compared with its manifest; None if that is not shown."""
    revision: str = ""
    """What it is at, where the way of asking does not compare it with its source."""
    health_by_manifest: bool = False
    """Whether only its manifest says if being ready includes being healthy."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What one way of asking says of one cluster."""

    cluster: str
    channel: Channel
    sees: Sees = "objects"
    commit: str = ""
    """Of the GitOps branch: what is applied as a whole; empty if that is not clear."""
    reached: frozenset[str] = frozenset()
    """Commits of the GitOps branch that it has fetched or tried, whatever came of it."""
    findings: tuple[Finding, ...] = ()
    """What speaks against the environment's own reconciler."""
    objects: Mapping[ObjectId, Sighting] | None = None
    """What that reconciler applied; None if this way of asking shows none of it."""
    leftovers: tuple[str, ...] = ()
    """What it applied once and neither applies nor removes any more."""
    orphans: tuple[str, ...] = ()
    """What runs because of the GitOps repository and should not, or no longer."""
    asked: float = 0.0
    """When we asked, by our clock."""
    clock: float | None = None
    """What the other clock said then; None if nobody knows."""
    as_of: float | None = None
    """When the state was last confirmed, by the other clock."""
    fresh_for: float | None = None
    """Seconds for which that is good; None if it holds until something is written."""
    steady_since: float | None = None
    """Since when there was no interruption, as the objects themselves prove it."""


class Reader(Protocol):
    """A way to ask. It meets the network; what it makes of the answers is in `readers`."""

    def read(self, expected: Expected) -> tuple[Evidence, ...]:
        """Return evidence of the clusters that are read in this way, and of others that it met.

        What cannot be asked is evidence with an `outside` finding, and never an exception.
        """
        ...
