"""The components that the package offers to programs in every language.

Those that only lead to a cluster are left out, since what they give is a provider: other languages
declare one of their own, and name it in the options of a component.
"""

from collections.abc import Mapping

import pulumi

from ..clusters import AksCluster, ArcCluster, WorkflowIdentity
from ..control_plane import ControlPlane
from ..fleet import Fleet
from ..platform import Platform
from ..reconcilers import (
    ArgoCdBootstrap,
    ArgoCdOnHub,
    FluxBootstrap,
    FluxExtension,
    FluxOnHub,
    HubAccount,
)
from ..repositories import (
    DeployKey,
    GitHubRepositories,
    Repositories,
    RepositoryEnvironments,
    RepositoryRules,
)
from ..scheduling import Scheduling

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
