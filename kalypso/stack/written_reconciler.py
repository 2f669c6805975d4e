"""Which reconciler a cluster type's template writes objects for: Flux or Argo CD."""

from __future__ import annotations

import re

from kalypso.model import Evaluation, Platform
from kalypso.stack.clusters import Reconciler

FLUX_GROUPS = ".toolkit.fluxcd.io"
"""How the groups of Flux's kinds end."""
ARGO_CD_GROUP = "argoproj.io"
_API_GROUP = re.compile(r"""^\s*["']?apiVersion["']?\s*:\s*["']?([\w.-]+)/""", re.MULTILINE)


def template_writes(evaluation: Evaluation, cluster_type: str) -> Reconciler | None:
    """Return which reconciler a cluster type's template writes objects of, if it is one only."""
    return reconciler_of(evaluation.platform, cluster_type)


def reconciler_of(platform: Platform, cluster_type: str) -> Reconciler | None:
    """Return the same of a model that is not evaluated whole."""
    found = next((each for each in platform.cluster_types if each.name == cluster_type), None)
    template = platform.templates.get(found.reconciler) if found else None
    groups: set[str] = set()
    for manifest in template.manifests if template else ():
        if isinstance(manifest, str):
            groups.update(_API_GROUP.findall(manifest))
        else:
            groups.add(str(manifest.get("apiVersion", "")).partition("/")[0])
    flux = any(group.endswith(FLUX_GROUPS) for group in groups)
    argocd = ARGO_CD_GROUP in groups
    if flux == argocd:
        return None
    return "flux" if flux else "argocd"
