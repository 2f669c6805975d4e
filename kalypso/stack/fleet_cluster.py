"""One cluster of a fleet: everything that setting it up takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from kalypso.stack.azure_id import AzureId, Kind
from kalypso.stack.clusters import Reconciler


class FleetHub(msgspec.Struct, frozen=True, kw_only=True):
    """Where the reconciler of a cluster runs, if that is another one."""

    context: str
    """Of a kubeconfig."""
    namespace: str
    """With the reconciler's objects."""


class FleetAzure(msgspec.Struct, frozen=True, kw_only=True):
    """What a cluster is in Azure."""

    kind: Kind
    id: AzureId | None = None
    """None for a cluster of AKS that is made."""


class ControlPlane(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster that runs no workloads."""

    name: str
    azure: FleetAzure | None = None
    """None for a cluster that is reached by its context."""
    context: str = ""
    """Of a kubeconfig."""
    operates: bool = False
    """Whether it runs the program."""


class FleetCluster(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster that is set up, with everything that setting it up takes."""

    name: str
    context: str
    """Of a kubeconfig; empty for a cluster of Azure that Azure alone is asked about."""
    cluster_type: str
    """The folder of the GitOps repository that it applies."""
    reconciler: Reconciler
    install: str
    """Address or file of the manifests that install the reconciler; empty if it is there."""
    branches: Mapping[str, str]
    """Branch of the GitOps repository by environment, in the order of promotion."""
    prune: bool
    """Whether its workloads go when its reconciler's objects do."""
    formerly: tuple[str, ...] = ()
    """The names that it had before, the first one first."""
    hub: FleetHub | None = None
    """None for a cluster whose reconciler runs on it."""
    azure: FleetAzure | None = None
    """None for a cluster that is reached by its context only."""
    extension: Literal["", "install", "use"] = ""
    """Whether Azure's extension is its Flux, and whether the stack installs it."""
    lockdown: bool = False
    """Whether the Flux that is installed is set up for tenants that do not trust each other."""
    keyed: bool = False
    """Whether a deploy key or a GitHub App reads the GitOps repository, beside the reader."""

    @property
    def place(self) -> str:
        """What tells its API server from those of other clusters."""
        return self.context or f"{self.name} in Azure"
