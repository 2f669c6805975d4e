"""How an object on a cluster says that it is Kalypso's, so that nobody else's is taken over.

A change that somebody made to such an object by hand is undone: the field is Kalypso's, whoever
wrote it last. Without that, an update would end with a conflict between the two writers.
"""

from collections.abc import Mapping

import pulumi

OWNER_LABEL = "app.kubernetes.io/managed-by"
OWNER = "kalypso"
_FORCE = "pulumi.com/patchForce"


def owned(
    name: str, namespace: str = "", *, labels: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Return the metadata of an object of ours."""
    metadata: dict[str, object] = {
        "name": name,
        "labels": {OWNER_LABEL: OWNER, **(labels or {})},
        "annotations": {_FORCE: "true"},
    }
    if namespace:
        metadata["namespace"] = namespace
    return metadata


def own(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Say the same of an object that comes out of a file; for the option `transforms`."""
    metadata = args.props.get("metadata")
    if not isinstance(metadata, Mapping):
        return None
    marked = {
        **metadata,
        "labels": {**(metadata.get("labels") or {}), OWNER_LABEL: OWNER},
        "annotations": {**(metadata.get("annotations") or {}), _FORCE: "true"},
    }
    return pulumi.ResourceTransformResult({**args.props, "metadata": marked}, args.opts)
