"""The platform's six repositories on GitHub, with the sample in them.

Owns the repositories, their first commit and their default branch. Leaves alone every later
commit. `pulumi destroy` archives them, unless the stack's settings let it delete.
"""

from typing import TypedDict

import pulumi

from kalypso.stack.settings import Settings
from kalypso.stack.starting_content import CONTENTS, default_branch, starting_branches

from ..resources import RepositoryContent

_DESCRIPTIONS = {
    "control-plane": "Platform model: environments, cluster types, policies, templates, workloads",
    "gitops": "Manifests by cluster type, a branch for each environment; written by pull requests",
    "app-src": "Source of the sample's application",
    "app-gitops": "Manifests of the sample's application",
    "svc-src": "Source of the sample's platform services",
    "svc-gitops": "Manifests of the sample's platform services",
}


class GitHubRepositoriesArgs(TypedDict):
    """What `GitHubRepositories` needs."""

    settings: Settings
    """Settings of the stack: owner, prefix, visibility."""


class GitHubRepositories(pulumi.ComponentResource):
    """Control plane, GitOps, application and services: sources and manifests."""

    paths: dict[str, pulumi.Output[str]]
    """Address of each repository, by its name."""

    contents: list[RepositoryContent]
    """Done when the repositories can be read."""

    def __init__(
        self, name: str, args: GitHubRepositoriesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:GitHubRepositories", name, {}, opts)
        self.paths, self.contents = {}, []
        for content in CONTENTS:
            self._declare(content, args["settings"])
        self.register_outputs({"paths": self.paths})

    def _declare(self, content: str, settings: Settings) -> None:
        import pulumi_github  # noqa: PLC0415 - 0.9 s that other stacks need not spend

        name = settings.repository(content)
        made = pulumi_github.Repository(
            name,
            name=name,
            description=_DESCRIPTIONS[content],
            visibility=settings.github.visibility,
            has_issues=True,
            has_projects=False,
            has_wiki=False,
            auto_init=False,
            delete_branch_on_merge=content == "gitops",
            archive_on_destroy=settings.repositories.on_destroy == "archive",
            opts=pulumi.ResourceOptions(parent=self),
        )
        branches = starting_branches(content, settings.prefix, settings.forge.home)
        filled = RepositoryContent(
            name,
            {
                "folder": "",
                "github": settings.forge.url,
                "repository": f"{settings.github.owner}/{name}",
                "content": content,
                "prefix": settings.prefix,
                "url": settings.forge.home,
            },
            pulumi.ResourceOptions(parent=made, depends_on=[made], deleted_with=made),
        )
        # Which of several branches of a first push becomes the default is up to GitHub.
        pulumi_github.BranchDefault(
            name,
            repository=name,
            branch=default_branch(branches),
            opts=pulumi.ResourceOptions(parent=made, depends_on=[filled], deleted_with=made),
        )
        self.paths[name] = made.html_url
        self.contents.append(filled)
