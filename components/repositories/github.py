"""The platform's six repositories on GitHub, with the sample in them.

Owns the repositories, their first commit and their default branch. Leaves alone every later
commit. `pulumi destroy` archives them, unless the arguments let it delete.
"""

from typing import NotRequired, TypedDict

import pulumi

from kalypso.stack import REPOSITORY_CONTENTS, default_branch, starting_branches

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

    owner: str
    """Organization or user that owns the repositories."""

    prefix: str
    """First part of the repositories' names."""

    github: str
    """Address of GitHub, or of a GitHub Enterprise Server, without a slash at the end."""

    visibility: NotRequired[str]
    """Who sees them: `private` (the default), `internal` or `public`."""

    archive_on_destroy: NotRequired[bool]
    """Whether destroying archives a repository (the default) or deletes it."""


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
        for content in REPOSITORY_CONTENTS:
            self._declare(content, args)
        self.register_outputs({"paths": self.paths})

    def _declare(self, content: str, args: GitHubRepositoriesArgs) -> None:
        import pulumi_github

        name, url = f"{args['prefix']}-{content}", f"{args['github']}/{args['owner']}"
        made = pulumi_github.Repository(
            name,
            name=name,
            description=_DESCRIPTIONS[content],
            visibility=args.get("visibility", "private"),
            has_issues=True,
            has_projects=False,
            has_wiki=False,
            auto_init=False,
            delete_branch_on_merge=content == "gitops",
            archive_on_destroy=args.get("archive_on_destroy", True),
            opts=pulumi.ResourceOptions(parent=self),
        )
        branches = starting_branches(content, args["prefix"], url)
        filled = RepositoryContent(
            name,
            {
                "folder": "",
                "github": args["github"],
                "repository": f"{args['owner']}/{name}",
                "content": content,
                "prefix": args["prefix"],
                "url": url,
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
