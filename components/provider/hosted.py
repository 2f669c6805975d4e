"""The components that the package offers to programs in every language.

Those that only lead to a cluster are left out, since what they give is a provider: other languages
declare one of their own, and name it in the options of a component.
"""

from collections.abc import Mapping

import pulumi

from ..clusters.aks import AksCluster
from ..clusters.arc import ArcCluster
from ..clusters.workflow_identity import WorkflowIdentity
from ..control_plane import ControlPlane
from ..fleet import Fleet
from ..platform import Platform
from ..reconcilers.argocd import ArgoCdBootstrap
from ..reconcilers.argocd_on_hub import ArgoCdOnHub
from ..reconcilers.flux import FluxBootstrap
from ..reconcilers.flux_extension import FluxExtension
from ..reconcilers.flux_on_hub import FluxOnHub
from ..reconcilers.hub_account import HubAccount
from ..repositories.deploy_key import DeployKey
from ..repositories.environments import RepositoryEnvironments
from ..repositories.github import GitHubRepositories
from ..repositories.local import Repositories
from ..repositories.rules import RepositoryRules
from ..scheduling.scheduling import Scheduling

COMPONENTS: Mapping[str, type[pulumi.ComponentResource]] = {
    f"kalypso:index:{kind.__name__}": kind
    for kind in (
        AksCluster,
        ArcCluster,
        ArgoCdBootstrap,
        ArgoCdOnHub,
        ControlPlane,
        DeployKey,
        Fleet,
        FluxBootstrap,
        FluxExtension,
        FluxOnHub,
        GitHubRepositories,
        HubAccount,
        Platform,
        Repositories,
        RepositoryEnvironments,
        RepositoryRules,
        Scheduling,
        WorkflowIdentity,
    )
}
"""By their type tokens."""
