"""Templates whose Kustomizations are applied with all rights on a cluster.

Flux applies a Kustomization that names no service account as itself, and it may do everything. So
whoever writes the manifests of an application may change other teams' namespaces, and give rights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kalypso.errors import Collector
from kalypso.model import Assignment, Platform, Template

_DOCUMENT: Final = re.compile(r"^---.*$", re.MULTILINE)
_KIND: Final = re.compile(r"^kind:[ \t]*[\"']?Kustomization\b", re.MULTILINE)
_GROUP: Final = re.compile(r"^apiVersion:[ \t]*[\"']?kustomize\.toolkit\.fluxcd\.io/", re.MULTILINE)
_ACCOUNT: Final = "serviceAccountName"


def advise_on_rights(
    platform: Platform, assignments: Sequence[Assignment], problems: Collector
) -> None:
    """Warn about each template in use that lets Flux apply what it wants."""
    used = {assignment.cluster_type.reconciler for assignment in assignments}
    for name in sorted(used & platform.templates.keys()):
        template = platform.templates[name]
        if any(_unbounded(each) for each in _documents(template)):
            problems.warn(
                "all-rights",
                f"the template {name!r} writes a Kustomization without serviceAccountName, which"
                " Flux applies with all rights on the cluster",
                template.at,
                "name a service account that may change the application's namespace only",
            )


def _documents(template: Template) -> Iterator[str | Mapping[str, Any]]:
    for manifest in template.manifests:
        if isinstance(manifest, str):
            yield from _DOCUMENT.split(manifest)
        else:
            yield manifest


def _unbounded(document: str | Mapping[str, Any]) -> bool:
    """Return whether a document is a Kustomization that names no service account."""
    if isinstance(document, str):
        grants = _KIND.search(document) and _GROUP.search(document)
        return bool(grants) and _ACCOUNT not in document
    group = str(document.get("apiVersion", "")).partition("/")[0]
    if (group, document.get("kind")) != ("kustomize.toolkit.fluxcd.io", "Kustomization"):
        return False
    spec = document.get("spec")
    return not (isinstance(spec, Mapping) and spec.get(_ACCOUNT))
