"""Why a model says what it says: what scheduling finds out for people who ask."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from kalypso.errors import Position
from kalypso.model.objects import ClusterType, DeploymentTarget, SchedulingPolicy

Side = Literal["deploymentTarget", "clusterType"]
Role = Literal["wins", "merged", "overridden"]


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement of a policy, held against the label that it asks for."""

    side: Side
    requirement: str
    """As a sentence, for example ``region in (east, west)``."""
    key: str
    found: str | None
    """The label's value; ``None`` if the object lacks it."""
    holds: bool
    at: Position
    """Where the policy asks for it."""
    found_at: Position | None
    """Where the label is written; ``None`` if it is not."""


class PolicyVerdict(msgspec.Struct, frozen=True):
    """What one policy says of a pair."""

    policy: SchedulingPolicy
    conditions: tuple[Condition, ...]
    """Those on the deployment target first, each side in the order of the file."""

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The conditions that do not hold; empty if the policy selects the pair."""
        return tuple(condition for condition in self.conditions if not condition.holds)


class PairExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """What every policy says of a cluster type and a deployment target."""

    environment: str
    cluster_type: ClusterType
    target: DeploymentTarget
    verdicts: tuple[PolicyVerdict, ...]
    """Fewest failed conditions first, then most that hold, then by name."""

    @property
    def selecting(self) -> tuple[PolicyVerdict, ...]:
        """The policies that select the pair, by name."""
        return tuple(verdict for verdict in self.verdicts if not verdict.failed)


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one ConfigMap says of one key."""

    config_map: str
    at: Position
    text: str
    """The value as written."""
    role: Role
    """``merged`` where what is below it and what is above it are in the result as well."""


class LeafTrace(msgspec.Struct, frozen=True, kw_only=True):
    """One value inside a structured value that several ConfigMaps made."""

    path: str
    """From the key on, for example ``pools[name=read].size``."""
    value: Any
    config_map: str
    at: Position
    overrode: tuple[tuple[str, Any], ...]
    """ConfigMap and value of each that lost, the lowest precedence first."""


class ValueTrace(msgspec.Struct, frozen=True, kw_only=True):
    """One value of an assignment's configuration, and how it came about."""

    key: str
    value: Any
    contributions: tuple[Contribution, ...]
    """Lowest precedence first; never empty."""
    leaves: tuple[LeafTrace, ...]
    """Empty unless several contributions were merged."""
    schemas: tuple[str, ...]
    """Names of the schemas that speak of the key."""


class SchemaVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one schema says of the whole configuration."""

    name: str
    at: Position
    keys: tuple[str, ...]
    """Keys at the root that it speaks of, sorted."""
    violations: tuple[str, ...]


class PassedOver(msgspec.Struct, frozen=True, kw_only=True):
    """A value that does not apply, because its ConfigMap is for other places."""

    key: str
    config_map: str
    at: Position
    text: str
    lacking: tuple[str, ...]
    """Labels that it asks for and that neither side has, as ``region=north``."""


class ConfigurationExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration of one pair, with everything that made and checked it."""

    environment: str
    cluster_type: str
    target: str
    config_maps: tuple[str, ...]
    """Those that apply, lowest precedence first."""
    values: tuple[ValueTrace, ...]
    """Sorted by key."""
    schemas: tuple[SchemaVerdict, ...]
    passed_over: tuple[PassedOver, ...]
    """Values of other config maps, sorted by key and ConfigMap."""
