"""Ids of clusters in Azure: of AKS, and of those that Azure Arc connects."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Kind = Literal["aks", "arc"]
_TYPES: dict[Kind, str] = {
    "aks": "Microsoft.ContainerService/managedClusters",
    "arc": "Microsoft.Kubernetes/connectedClusters",
}
_SHAPE = re.compile(
    r"/subscriptions/(?P<subscription>[0-9a-f-]+)"
    r"/resourceGroups/(?P<group>[^/]+)/providers/(?P<type>[^/]+/[^/]+)/(?P<name>[^/]+)/?",
    re.IGNORECASE,
)


class AzureId(msgspec.Struct, frozen=True):
    """A cluster in Azure."""

    subscription: str
    group: str
    """Resource group."""
    kind: Kind
    name: str

    def __str__(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/{_TYPES[self.kind]}/{self.name}"
        )


def read_azure_id(text: str) -> AzureId | None:
    """Return the cluster that an id names; None if it names none. Case does not matter in ids."""
    found = _SHAPE.fullmatch(text)
    for kind, resource_type in _TYPES.items():
        if found and found["type"].lower() == resource_type.lower():
            return AzureId(found["subscription"].lower(), found["group"], kind, found["name"])
    return None
