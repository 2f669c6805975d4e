"""Beginning a platform of one's own, and one more environment of it."""

from __future__ import annotations

from kalypso.beginning.choices import Choices, ClusterKind, parse_cluster
from kalypso.beginning.environment import Added, add_environment
from kalypso.beginning.platform_folder import Begun, begin

__all__ = [
    "Added",
    "Begun",
    "Choices",
    "ClusterKind",
    "add_environment",
    "begin",
    "parse_cluster",
]
