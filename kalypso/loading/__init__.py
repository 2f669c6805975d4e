"""Loading: from trees of files to the objects of one environment, each with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "KINDS",
    "MODEL",
    "SILENCE_FILE",
    "ControlPlane",
    "Document",
    "GivenBase",
    "Location",
    "NamedRepositories",
    "WithBase",
    "WorkloadReader",
    "any_schema",
    "check_on_branch",
    "counts",
    "is_folder",
    "kind_schema",
    "last_part",
    "load_platform",
    "parse_location",
    "read_branch",
    "read_documents",
    "read_folder",
    "read_location",
    "read_workloads",
]

if TYPE_CHECKING:
    from kalypso.loading.documents import Document, read_documents
    from kalypso.loading.editor_schemas import KINDS, any_schema, kind_schema
    from kalypso.loading.folders import read_folder
    from kalypso.loading.platform import load_platform
    from kalypso.loading.sources import (
        MODEL,
        Location,
        NamedRepositories,
        WithBase,
        check_on_branch,
        is_folder,
        last_part,
        parse_location,
        read_branch,
        read_location,
    )
    from kalypso.loading.start import ControlPlane, GivenBase
    from kalypso.loading.tree import SILENCE_FILE, counts
    from kalypso.loading.workloads import WorkloadReader, read_workloads
else:
    __getattr__ = door(
        __name__,
        {
            "documents": ("Document", "read_documents"),
            "editor_schemas": ("KINDS", "any_schema", "kind_schema"),
            "folders": ("read_folder",),
            "platform": ("load_platform",),
            "sources": (
                "Location",
                "MODEL",
                "NamedRepositories",
                "WithBase",
                "check_on_branch",
                "is_folder",
                "last_part",
                "parse_location",
                "read_branch",
                "read_location",
            ),
            "start": ("ControlPlane", "GivenBase"),
            "tree": ("SILENCE_FILE", "counts"),
            "workloads": ("WorkloadReader", "read_workloads"),
        },
    )
