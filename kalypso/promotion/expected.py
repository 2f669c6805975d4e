"""What a gate waits for: clusters, and what each of them should run at a commit.

It comes from the model and the settings, never from what clusters report: a cluster that says
nothing is missing, and one that nobody expects opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

Channel = Literal["cluster", "azure", "statuses", "reports"]
"""How evidence of a cluster is had; `cluster` asks its API, or that of its hub."""

SOURCES = "source.toolkit.fluxcd.io"
"""Group of what Flux fetches from."""
_RECONCILER_GROUPS = ("helm.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", SOURCES)


class ObjectId(NamedTuple):
    """What identifies an object on a cluster; its API version may change."""

    group: str
    """Empty for Kubernetes' own."""
    kind: str
    namespace: str
    """Empty for an object without one, and where a manifest leaves it out."""
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}".replace(" /", " ")

    @property
    def is_reconciler(self) -> bool:
        """Whether something else is applied because of it, so that its own state matters."""
        if self.group == "argoproj.io":
            return self.kind == "Application"
        return self.group in _RECONCILER_GROUPS


class Wanted(msgspec.Struct, frozen=True):
    """An object that an assignment brings to a cluster."""

    id: ObjectId
    body: Mapping[str, object]
    """Its manifest without `apiVersion`, `kind` and `metadata`."""


class ExpectedCluster(msgspec.Struct, frozen=True, kw_only=True):
    """One cluster of an environment, and how it is recognised where evidence comes from."""

    name: str
    cluster_type: str
    """Also its folder in the GitOps repository."""
    evidence: tuple[Channel, ...]
    """All of them have to agree."""
    required: bool = True
    """Otherwise it is shown and not waited for."""
    resource_id: str = ""
    """In Azure, of the AKS or connected cluster."""
    hub: str = ""
    """Where its reconciler runs, if that is another cluster."""
    destinations: frozenset[str] = frozenset()
    """How a hub names it: server, name of the cluster, secret with its kubeconfig."""
    statuses: frozenset[str] = frozenset()
    """Contexts of commit statuses that it writes."""
    authors: frozenset[str] = frozenset()
    """Whose commit statuses and reports count; `*` for those of anybody who may write them."""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What one environment waits for at one commit."""

    environment: str
    repository: str
    """Address of the GitOps repository, as clusters read it."""
    branch: str
    commit: str
    """Of the GitOps branch: the merge commit."""
    promoted: str
    """Of the control plane's main: what that commit brought."""
    merged: float
    """When, in seconds since 1970."""
    clusters: tuple[ExpectedCluster, ...] = ()
    assignments: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Deployment targets by cluster type."""
    chain: tuple[str, ...] = ()
    """The environments in order."""

    def __post_init__(self) -> None:
        """Refuse two clusters of one name: one report would count for both."""
        names = [cluster.name for cluster in self.clusters]
        if len(set(names)) < len(names):
            raise ValueError("two clusters have the same name")

    @property
    def main_and_branch(self) -> str:
        """How messages name the commit: `main 1a2b3c4 (dev 5d6e7f8)`."""
        return f"main {short(self.promoted)} ({self.branch} {short(self.commit)})"

    @property
    def without_cluster(self) -> tuple[str, ...]:
        """The cluster types that have assignments and no cluster."""
        have = {cluster.cluster_type for cluster in self.clusters}
        return tuple(
            sorted(name for name, its in self.assignments.items() if its and name not in have)
        )


def short(commit: str) -> str:
    """Return a commit as messages show it."""
    return commit[:7]
