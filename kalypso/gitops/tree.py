"""Where each file of the scheduler stands in the GitOps repository.

Source: docs/explanation/model.md, "The GitOps repository".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kalypso.model import TRACKING, ClusterType, Convention, Manifest, RenderedAssignment

README = "README.md"
README_TEXT = "This folder contains deployment targets scheduled on the cluster type"

_WRITTEN = re.compile(
    r"[^/]+/(?:README\.md|[^/]+/(?:reconciler|namespace|config|platform-config)\.(?:yaml|sh))"
)


def layout(
    cluster_types: Iterable[ClusterType],
    rendered: Iterable[RenderedAssignment],
    convention: Convention,
    promoted_commit: str,
) -> dict[str, str]:
    """Lay out the files of an environment.

    Returns:
        Text by path, sorted. Every cluster type has its folder, also without assignments. The
        tracking file is among them if the model names a promoted commit.
    """
    files = {f"{cluster.name}/{README}": README_TEXT for cluster in cluster_types}
    for each in rendered:
        folder = each.assignment.folder
        for manifest in each.manifests:
            files[f"{folder}/{file_name(manifest, convention)}"] = manifest.text
    if promoted_commit:
        files[TRACKING] = promoted_commit
    return dict(sorted(files.items()))


def file_name(manifest: Manifest, convention: Convention) -> str:
    """Return the name of a manifest's file."""
    stem = manifest.kind
    if stem == "config" and convention == "operator":
        return f"platform-config.{manifest.content_type}"
    return f"{stem}.{manifest.content_type}"


def is_written_shape(path: str) -> bool:
    """Tell whether a path is one that the scheduler writes for some cluster type."""
    return _WRITTEN.fullmatch(path) is not None
