"""What was delivered for a target: its manifests, and what the platform puts beside them."""

from __future__ import annotations

from collections.abc import Mapping

from kalypso.application.manifests import Manifest, manifests_in
from kalypso.application.targets import Target
from kalypso.errors import ModelError, Position
from kalypso.forge import WRITER, Place
from kalypso.git import Access

_SUFFIXES = (".yaml", ".yml")


def delivered_manifests(target: Target, place: Place) -> list[Manifest]:
    """Return the manifests that an application's branch has for a target.

    Raises:
        KalypsoError: The branch cannot be read, or holds something else.
    """
    folder = target.folder
    files = place.repository(Access(), WRITER).snapshot(folder.branch).files
    return _objects({p: c for p, c in files.items() if folder.owns(p)}, place, folder.branch)


def platform_manifests(
    target: Target, environment: str, cluster_type: str, place: Place
) -> list[Manifest]:
    """Return what the platform delivers for a target on a cluster type.

    Args:
        target: The target.
        environment: Its environment, which is the branch.
        cluster_type: Where it runs; empty for the only one.
        place: The platform's GitOps repository.

    Raises:
        ModelError: The target runs nowhere, elsewhere, or on several cluster types.
    """
    files = place.repository(Access(), WRITER).snapshot(environment).files
    name = f"{target.workload}-{target.name}"
    types = sorted({p.split("/")[0] for p in files if p.split("/")[1:2] == [name]})
    if cluster_type not in types and (cluster_type or len(types) != 1):
        at = Position(f"{place.full_name}@{environment}")
        raise _not_there(target, cluster_type, types, at)
    folder = f"{cluster_type or types[0]}/{name}/"
    return _objects({p: c for p, c in files.items() if p.startswith(folder)}, place, environment)


def _not_there(target: Target, wanted: str, types: list[str], at: Position) -> ModelError:
    if not types:
        return ModelError(
            f"{target.name!r} is not scheduled anywhere",
            at,
            "a policy has to select it, and its pull request has to be merged",
            code="not-scheduled",
        )
    where = " and ".join(types)
    sentence = (
        f"{target.name!r} does not run on {wanted!r}"
        if wanted
        else (f"{target.name!r} runs on several cluster types")
    )
    return ModelError(sentence, at, f"name one with --cluster-type: {where}", code="not-scheduled")


def _objects(files: Mapping[str, bytes], place: Place, branch: str) -> list[Manifest]:
    texts = {p: c.decode(errors="replace") for p, c in files.items() if p.endswith(_SUFFIXES)}
    return manifests_in(texts, f"{place.full_name}@{branch}:")
