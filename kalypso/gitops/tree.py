"""Where each file of the scheduler stands in the GitOps repository.

Source: docs/explanation/model.md, "The GitOps repository".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kalypso.gitops.packed import Packing
from kalypso.model import (
    TRACKING,
    ContentType,
    Convention,
    Manifest,
    ManifestKind,
    RenderedAssignment,
)

README = "README.md"

_WRITTEN = re.compile(
    r"[^/]+/(?:README\.md|[^/]+/(?:reconciler|namespace|config|platform-config)\.(?:yaml|sh))"
)


def layout(
    readmes: Mapping[str, str],
    rendered: Iterable[RenderedAssignment],
    convention: Convention,
    promoted_commit: str,
) -> Mapping[str, str]:
    """Lay out the files of an environment.

    Args:
        readmes: Text of the README by cluster type, also of those without assignments.
        rendered: In the order of their folders, each with a slash at its end.
        convention: How files are named.
        promoted_commit: Commit of main that the environment runs; empty if there is none.

    Returns:
        Text by path, sorted. Every cluster type has its folder, also without assignments. The
        tracking file is among them if the model names a promoted commit.
    """
    packing = Packing()
    few = {f"{cluster_type}/{README}": text for cluster_type, text in readmes.items()}
    if promoted_commit:
        few[TRACKING] = promoted_commit
    later = sorted(few, reverse=True)
    names: dict[tuple[ManifestKind, ContentType], str] = {}
    for each in rendered:
        folder = f"{each.assignment.folder}/"
        while later and later[-1] < folder:
            packing.add(later[-1], few[later.pop()])
        own: list[tuple[str, str]] = []
        for manifest in each.manifests:
            about = (manifest.kind, manifest.content_type)
            name = names.get(about) or names.setdefault(about, file_name(manifest, convention))
            own.append((name, manifest.text))
        for name, text in sorted(own):
            packing.add(f"{folder}{name}", text)
    for path in reversed(later):
        packing.add(path, few[path])
    return packing.files({})


def file_name(manifest: Manifest, convention: Convention) -> str:
    """Return the name of a manifest's file."""
    stem = manifest.kind
    if stem == "config" and convention == "operator":
        return f"platform-config.{manifest.content_type}"
    return f"{stem}.{manifest.content_type}"


def is_written_shape(path: str) -> bool:
    """Return whether a path is one that the scheduler writes for some cluster type."""
    return _WRITTEN.fullmatch(path) is not None
