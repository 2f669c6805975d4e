"""What a fleet is made from: its clusters, what they read, and what those of Azure share."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

import pulumi

from kalypso.stack import Login

from .clusters import AzureHomeArgs
from .control_plane import ControlPlaneArgs
from .reconcilers import AppArgs, ReaderArgs


class FleetHubArgs(TypedDict):
    """Where the reconciler of a cluster runs, and how it reaches the cluster."""

    context: str
    """Context of a kubeconfig."""

    namespace: str
    """Namespace of the reconciler's objects."""

    server: str
    """URL of the cluster's API server."""

    authority: NotRequired[str]
    """Certificates that vouch for it, PEM in base64; absent if machines know them."""

    server_name: NotRequired[str]
    """Name that its certificate has; absent if it is that of the URL."""


class FleetAzureArgs(TypedDict):
    """What a cluster is in Azure."""

    kind: Literal["aks", "arc"]
    """Whether it is a cluster of AKS, or one that Azure Arc connects."""

    resource_id: NotRequired[str]
    """Its id; absent for a cluster that is made."""


class FleetControlPlaneArgs(TypedDict):
    """A cluster that runs no workloads."""

    name: str
    """Name of the cluster."""

    azure: NotRequired[FleetAzureArgs]
    """What it is in Azure; absent for a cluster of anybody else."""

    context: NotRequired[str]
    """Context of a kubeconfig; absent for a cluster of Azure."""

    operator: NotRequired[ControlPlaneArgs]
    """How it runs the program; absent if it does not."""


class FleetFederationArgs(TypedDict):
    """Workflows that ask Azure without a secret."""

    issuer: str
    """Address of who signs their tokens."""

    subjects: Mapping[str, Mapping[str, str]]
    """Whom a token may name: by environment, and by the repository's name."""


class FleetAzureHomeArgs(AzureHomeArgs):
    """Where clusters of Azure are made, and of what kind."""

    vm_size: NotRequired[str]
    """Size of their nodes."""

    nodes: NotRequired[int]
    """How many nodes each of them has."""

    login: NotRequired[Login]
    """How `kubelogin` signs in to clusters with Entra ID."""

    federation: NotRequired[FleetFederationArgs]
    """Who asks Azure without a secret; absent if nobody does."""


class FleetClusterArgs(TypedDict):
    """A cluster that is set up."""

    name: str
    """Name of the cluster."""

    formerly: NotRequired[Sequence[str]]
    """The names that a cluster with a context had before, the first one first."""

    context: NotRequired[str]
    """Context of a kubeconfig; absent for a cluster of AKS."""

    azure: NotRequired[FleetAzureArgs]
    """What it is in Azure; absent for a cluster of anybody else."""

    extension: NotRequired[Literal["install", "use"]]
    """How Azure's extension becomes its Flux; absent if it does not."""

    cluster_type: str
    """Folder of the GitOps repository that it applies."""

    reconciler: Literal["flux", "argocd"]
    """What applies the folder."""

    branches: Mapping[str, str]
    """Branch of each environment that the cluster runs, by the environment's name."""

    install: NotRequired[str]
    """Address or file of the manifests that install the reconciler; absent if it is there."""

    lockdown: NotRequired[bool]
    """Whether the Flux that is installed gets its options for several tenants."""

    prune: NotRequired[bool]
    """Whether its workloads go when it does; they stay by default."""

    hub: NotRequired[FleetHubArgs]
    """Where the reconciler runs; absent if it runs on the cluster."""


class FleetKeysArgs(TypedDict):
    """Deploy keys on GitHub: one for each cluster, which reads the GitOps repository only."""

    owner: str
    """Organization or user that has the repository."""

    repository: str
    """Name of the repository, without its owner."""

    address: str
    """Where it is read over SSH."""

    host_keys: str
    """By which its host is known: lines of `known_hosts`."""

    rotation: NotRequired[str]
    """Any text; another one makes other keys."""


class FleetArgs(TypedDict):
    """What `Fleet` needs."""

    clusters: Sequence[FleetClusterArgs]
    """Every cluster that is set up."""

    url: str
    """Address of the GitOps repository."""

    sources: Sequence[str]
    """Addresses of the repositories with the manifests of workloads."""

    reader: NotRequired[ReaderArgs]
    """Who reads them; absent if everybody may."""

    keys: NotRequired[FleetKeysArgs]
    """What reads the GitOps repository in the reader's place."""

    app: NotRequired[AppArgs]
    """A GitHub App that does so with the same key on all clusters; excludes keys, and clusters
    with Azure's extension."""

    azure: NotRequired[FleetAzureHomeArgs]
    """What clusters of Azure have in common; needed if there is one."""

    control_planes: NotRequired[Sequence[FleetControlPlaneArgs]]
    """Clusters that run no workloads: those of Azure, and the one that runs the program."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What must be there before a cluster reads it."""
