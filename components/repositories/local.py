"""The platform's six repositories on the local forge, with the sample in them.

Owns the repositories and their first commit. Leaves alone every later commit.
"""

from typing import TypedDict

import pulumi

from kalypso.stack import REPOSITORY_CONTENTS, default_branch, starting_branches

from ..resources import LocalRepository, RepositoryContent


class RepositoriesArgs(TypedDict):
    """What `Repositories` needs."""

    folder: str
    """Folder of the local forge."""

    prefix: str
    """First part of the repositories' names."""

    url: str
    """Address of the forge, as the files name it."""


class Repositories(pulumi.ComponentResource):
    """Control plane, GitOps, application and services: sources and manifests."""

    paths: dict[str, pulumi.Output[str]]
    """Where each repository is, by its name."""

    contents: list[RepositoryContent]
    """Done when the repositories can be read."""

    def __init__(
        self, name: str, args: RepositoriesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Repositories", name, {}, opts)
        self.paths, self.contents = {}, []
        for content in REPOSITORY_CONTENTS:
            repository = f"{args['prefix']}-{content}"
            branches = starting_branches(content, args["prefix"], args["url"])
            made = LocalRepository(
                repository,
                {
                    "folder": args["folder"],
                    "name": repository,
                    "branch": default_branch(branches),
                },
                pulumi.ResourceOptions(parent=self),
            )
            self.paths[repository] = made.path
            self.contents.append(
                RepositoryContent(
                    repository,
                    {
                        "folder": args["folder"],
                        "repository": repository,
                        "content": content,
                        "prefix": args["prefix"],
                        "url": args["url"],
                    },
                    pulumi.ResourceOptions(parent=made, deleted_with=made),
                )
            )
        self.register_outputs({"paths": self.paths})
