"""Beginning a platform of one's own, and one more environment of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "Added",
    "Begun",
    "Choices",
    "ClusterKind",
    "add_environment",
    "begin",
    "parse_cluster",
]

if TYPE_CHECKING:
    from kalypso.beginning.choices import Choices, ClusterKind, parse_cluster
    from kalypso.beginning.environment import Added, add_environment
    from kalypso.beginning.platform_folder import Begun, begin
else:
    __getattr__ = door(
        __name__,
        {
            "choices": ("Choices", "ClusterKind", "parse_cluster"),
            "environment": ("Added", "add_environment"),
            "platform_folder": ("Begun", "begin"),
        },
    )
