"""The objects with which Flux or Argo CD on a cluster reads an environment's GitOps branch.

They are those that the platform's stack declares on a cluster of its own, for whoever applies them
by hand.
"""

from __future__ import annotations

from kalypso.errors import Position, SettingsError
from kalypso.model import GitOpsRepo, Platform
from kalypso.spelling import nearest
from kalypso.stack.cluster_objects import (
    ARGO_CD_NAMESPACE,
    FLUX_NAMESPACE,
    FLUX_SECRET,
    environment_object,
)
from kalypso.stack.written_reconciler import reconciler_of

_INTERVAL = "10s"
_HERE = "https://kubernetes.default.svc"
_Object = dict[str, object]


def connecting_objects(platform: Platform, cluster_type: str) -> list[_Object]:
    """Return what a cluster of a type needs to apply its folder.

    Raises:
        SettingsError: There is no such cluster type, no GitOpsRepo, or it is not clear which
            reconciler the cluster type has.
    """
    names = [each.name for each in platform.cluster_types]
    if cluster_type not in names:
        near = nearest(cluster_type, names)
        raise SettingsError(
            f"there is no cluster type {cluster_type!r} in {platform.environment}",
            Position("kalypso connect"),
            f"did you mean {near!r}?" if near else f"cluster types are {', '.join(names)}",
            code="option",
        )
    gitops, reconciler = platform.gitops_repo, reconciler_of(platform, cluster_type)
    if gitops is None or reconciler is None:
        what = "it has no GitOpsRepo" if gitops is None else "its template is of no one reconciler"
        raise SettingsError(
            f"{cluster_type!r} in {platform.environment} cannot be connected: {what}",
            Position("kalypso connect"),
            "docs/how-to/bring-your-own-cluster.md says what a cluster needs",
            code="option",
        )
    name = environment_object(platform.environment)
    folder = "/".join(part for part in (_path(gitops), cluster_type) if part)
    return (_of_flux if reconciler == "flux" else _of_argo_cd)(name, gitops, folder)


def _path(gitops: GitOpsRepo) -> str:
    return gitops.pointer.path.removeprefix("./").strip("/").removeprefix(".")


def _of_flux(name: str, gitops: GitOpsRepo, folder: str) -> list[_Object]:
    metadata = {"name": name, "namespace": FLUX_NAMESPACE}
    return [
        {
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "GitRepository",
            "metadata": metadata,
            "spec": {
                "url": gitops.pointer.repo,
                "interval": _INTERVAL,
                "secretRef": {"name": FLUX_SECRET},
                "ref": {"branch": gitops.pointer.branch},
            },
        },
        {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "metadata": metadata,
            "spec": {
                "sourceRef": {"kind": "GitRepository", "name": name},
                "path": f"./{folder}",
                "interval": _INTERVAL,
                "retryInterval": _INTERVAL,
                "timeout": "3m",
                "prune": True,
                "wait": True,
            },
        },
    ]


def _of_argo_cd(name: str, gitops: GitOpsRepo, folder: str) -> list[_Object]:
    return [
        {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": {"name": name, "namespace": ARGO_CD_NAMESPACE},
            "spec": {
                "project": "default",
                "source": {
                    "repoURL": gitops.pointer.repo,
                    "targetRevision": gitops.pointer.branch,
                    "path": folder,
                    "directory": {"recurse": True},
                },
                "destination": {"server": _HERE, "namespace": ARGO_CD_NAMESPACE},
                "syncPolicy": {
                    "automated": {"prune": True, "selfHeal": True},
                    "retry": {
                        "limit": 10,
                        "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"},
                    },
                },
            },
        }
    ]
