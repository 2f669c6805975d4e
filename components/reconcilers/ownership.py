"""How an object on a cluster says that it is Kalypso's, so that nobody else's is taken over.

A change that somebody made to such an object by hand is undone: the field is Kalypso's, whoever
wrote it last. Without that, an update would end with a conflict between the two writers.
"""

from collections.abc import Mapping
from typing import Any

from kalypso.stack import OWNER, OWNER_LABEL

_FORCE = "pulumi.com/patchForce"


def owned(
    name: str, namespace: str = "", *, labels: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the metadata of an object of ours."""
    metadata: dict[str, Any] = {
        "name": name,
        "labels": {**(labels or {}), OWNER_LABEL: OWNER},
        "annotations": {_FORCE: "true"},
    }
    if namespace:
        metadata["namespace"] = namespace
    return metadata
