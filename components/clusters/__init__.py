"""Clusters, each as the provider of Kubernetes that reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "AksCluster",
    "AksClusterArgs",
    "ArcCluster",
    "AzureHome",
    "AzureHomeArgs",
    "ExistingCluster",
    "ExistingClusterArgs",
    "MadeAksClusterArgs",
    "WorkflowIdentity",
    "WorkflowIdentityArgs",
]

if TYPE_CHECKING:
    from .aks import AksCluster, AksClusterArgs, MadeAksClusterArgs
    from .arc import ArcCluster
    from .azure_home import AzureHome, AzureHomeArgs
    from .existing import ExistingCluster, ExistingClusterArgs
    from .workflow_identity import WorkflowIdentity, WorkflowIdentityArgs
else:
    __getattr__ = door(
        __name__,
        {
            "aks": ("AksCluster", "AksClusterArgs", "MadeAksClusterArgs"),
            "arc": ("ArcCluster",),
            "azure_home": ("AzureHome", "AzureHomeArgs"),
            "existing": ("ExistingCluster", "ExistingClusterArgs"),
            "workflow_identity": ("WorkflowIdentity", "WorkflowIdentityArgs"),
        },
    )
