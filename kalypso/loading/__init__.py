"""Loading: from trees of files to the objects of one environment, each with file and line."""

from __future__ import annotations

from kalypso.loading.documents import read_documents
from kalypso.loading.editor_schemas import KINDS, any_schema, kind_schema
from kalypso.loading.platform import ControlPlane, load_platform
from kalypso.loading.sources import (
    Location,
    NamedRepositories,
    WithBase,
    check_on_branch,
    parse_location,
    read_branch,
    read_folder,
    read_location,
)
from kalypso.loading.tree import SILENCE_FILE, counts
from kalypso.loading.workloads import WorkloadReader, read_workloads

__all__ = [
    "KINDS",
    "SILENCE_FILE",
    "ControlPlane",
    "Location",
    "NamedRepositories",
    "WithBase",
    "WorkloadReader",
    "any_schema",
    "check_on_branch",
    "counts",
    "kind_schema",
    "load_platform",
    "parse_location",
    "read_branch",
    "read_documents",
    "read_folder",
    "read_location",
    "read_workloads",
]
