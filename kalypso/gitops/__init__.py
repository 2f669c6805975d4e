"""GitOps: the layout of the environment branch, and what a delivery changes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "SHARED",
    "Change",
    "Differing",
    "Limits",
    "PathPlan",
    "Plan",
    "assignments_in",
    "check",
    "check_assignments",
    "file_name",
    "foreign_folder",
    "layout",
    "markings",
    "plan",
    "plan_paths",
    "readmes",
    "section_of",
    "with_files",
    "with_section",
    "written_alike",
]

if TYPE_CHECKING:
    from kalypso.gitops.marks import SHARED, markings, section_of, with_section
    from kalypso.gitops.meaning import written_alike
    from kalypso.gitops.packed import with_files
    from kalypso.gitops.paths import Differing, PathPlan, plan_paths
    from kalypso.gitops.plans import Change, Plan, assignments_in, foreign_folder, plan
    from kalypso.gitops.readme import readmes
    from kalypso.gitops.removals import Limits, check, check_assignments
    from kalypso.gitops.tree import file_name, layout
else:
    __getattr__ = door(
        __name__,
        {
            "marks": ("SHARED", "markings", "section_of", "with_section"),
            "meaning": ("written_alike",),
            "packed": ("with_files",),
            "paths": ("Differing", "PathPlan", "plan_paths"),
            "plans": ("Change", "Plan", "assignments_in", "foreign_folder", "plan"),
            "readme": ("readmes",),
            "removals": ("Limits", "check", "check_assignments"),
            "tree": ("file_name", "layout"),
        },
    )
