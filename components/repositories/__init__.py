"""The repositories of a platform, on either forge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "DeployKey",
    "DeployKeyArgs",
    "GitHubProviderArgs",
    "GitHubRepositories",
    "GitHubRepositoriesArgs",
    "Repositories",
    "RepositoriesArgs",
    "RepositoryEnvironments",
    "RepositoryEnvironmentsArgs",
    "RepositoryRules",
    "RepositoryRulesArgs",
    "check_package",
    "declare_github_provider",
]

if TYPE_CHECKING:
    from .deploy_key import DeployKey, DeployKeyArgs
    from .environments import RepositoryEnvironments, RepositoryEnvironmentsArgs
    from .github import GitHubRepositories, GitHubRepositoriesArgs
    from .github_provider import GitHubProviderArgs, check_package, declare_github_provider
    from .local import Repositories, RepositoriesArgs
    from .rules import RepositoryRules, RepositoryRulesArgs
else:
    __getattr__ = door(
        __name__,
        {
            "deploy_key": ("DeployKey", "DeployKeyArgs"),
            "environments": ("RepositoryEnvironments", "RepositoryEnvironmentsArgs"),
            "github": ("GitHubRepositories", "GitHubRepositoriesArgs"),
            "github_provider": ("GitHubProviderArgs", "check_package", "declare_github_provider"),
            "local": ("Repositories", "RepositoriesArgs"),
            "rules": ("RepositoryRules", "RepositoryRulesArgs"),
        },
    )
