"""What a delivery does to the paths that differ between a branch and the manifests.

The rules are those of a plan, which has the files themselves; here only paths are known, so the
cost is that of what differs.

Source: docs/explanation/model.md, "The GitOps repository".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from kalypso.gitops.tree import is_written_shape


class Differing(msgspec.Struct, frozen=True):
    """A path that is not the same in the branch and in the manifests."""

    present: bool
    """Whether the branch has it."""
    wanted: bool
    """Whether the manifests have it."""


class PathPlan(msgspec.Struct, frozen=True):
    """Which paths a delivery writes and removes."""

    written: tuple[str, ...]
    """Sorted."""
    removed: tuple[str, ...]
    """Sorted."""
    foreign: tuple[str, ...]
    """Folders in the root that are not the scheduler's, sorted."""


def plan_paths(differing: Mapping[str, Differing], cluster_types: Collection[str]) -> PathPlan:
    """Work out which of the paths that differ are written, removed, or left alone.

    Args:
        differing: All that differs, by path.
        cluster_types: Names of the cluster types, whose folders are owned whole.
    """
    left: dict[str, list[str]] = {}
    for path, side in differing.items():
        folder, slash, _ = path.partition("/")
        if slash and not side.wanted and not folder.startswith("."):
            left.setdefault(folder, []).append(path)
    owned = {
        folder
        for folder, paths in left.items()
        if folder in cluster_types or all(map(is_written_shape, paths))
    }
    return PathPlan(
        written=tuple(sorted(path for path, side in differing.items() if side.wanted)),
        removed=tuple(sorted(path for folder in owned for path in left[folder])),
        foreign=tuple(sorted(left.keys() - owned)),
    )
