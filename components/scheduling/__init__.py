"""Who runs where in one environment, and how the manifests get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "AssignmentArgs",
    "ClusterTypeArgs",
    "RepositoryFilesArgs",
    "Scheduling",
    "SchedulingArgs",
]

if TYPE_CHECKING:
    from .repository_files import RepositoryFilesArgs
    from .scheduling import AssignmentArgs, ClusterTypeArgs, Scheduling, SchedulingArgs
else:
    __getattr__ = door(
        __name__,
        {
            "repository_files": ("RepositoryFilesArgs",),
            "scheduling": ("AssignmentArgs", "ClusterTypeArgs", "Scheduling", "SchedulingArgs"),
        },
    )
