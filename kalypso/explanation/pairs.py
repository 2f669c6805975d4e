"""The cluster type and the deployment target that a person names as ``drone/shop-web``."""

from __future__ import annotations

from collections.abc import Iterable

from kalypso.errors import Position, SettingsError
from kalypso.model import ClusterType, DeploymentTarget, Platform
from kalypso.spelling import several_nearest

_SHOWN = 8


def find_pair(platform: Platform, text: str) -> tuple[ClusterType, DeploymentTarget]:
    """Find both sides of a pair.

    Args:
        platform: The model of the environment.
        text: ``CLUSTER-TYPE/DEPLOYMENT-TARGET``; the target by its full name.

    Raises:
        SettingsError: The text has another form, or one side is not in the model; names the
            nearest.
    """
    cluster_name, slash, target_name = text.partition("/")
    if not slash or not cluster_name or not target_name:
        hint = "write both names, with a slash between them"
        raise _error(text, f"{text!r} is not CLUSTER-TYPE/DEPLOYMENT-TARGET", hint)
    clusters = {cluster.name: cluster for cluster in platform.cluster_types}
    targets = {str(target.name): target for target in platform.targets}
    if cluster_name not in clusters and cluster_name in targets and target_name in clusters:
        hint = f"the cluster type comes first: {target_name}/{cluster_name}"
        raise _error(text, f"{cluster_name!r} is a deployment target", hint)
    if cluster_name not in clusters:
        raise _unknown(text, platform, "cluster type", cluster_name, clusters)
    if target_name not in targets:
        raise _unknown_target(text, platform, target_name, targets)
    return clusters[cluster_name], targets[target_name]


def _unknown_target(
    text: str, platform: Platform, name: str, known: Iterable[str]
) -> SettingsError:
    elsewhere = [
        target
        for workload in platform.workloads
        for target in workload.targets
        if target.name == name
    ]
    if elsewhere:
        wanted = " and ".join(sorted({target.environment for target in elsewhere}))
        return _error(
            text,
            f"the deployment target {name!r} is for {wanted}, not for {platform.environment}",
            f"it is written in {elsewhere[0].at}",
        )
    return _unknown(text, platform, "deployment target", name, known)


def _unknown(
    text: str, platform: Platform, what: str, name: str, known: Iterable[str]
) -> SettingsError:
    names = sorted(known)
    near = several_nearest(name, names) or [each for each in names if name in each][:3]
    if near:
        hint = f"did you mean {' or '.join(map(repr, near))}?"
    elif names:
        more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        hint = f"there are {', '.join(names[:_SHOWN])}{more}"
    else:
        hint = f"{platform.environment} has no {what}s"
    return _error(text, f"{platform.environment} has no {what} {name!r}", hint)


def _error(text: str, message: str, hint: str) -> SettingsError:
    return SettingsError(message, Position(text), hint, code="unknown-name")
