"""`delivery: repository-files`: each manifest is a resource of its own on the environment's branch.

GitHub makes one commit of each file, and refuses two at once on a branch. So the files form a
chain: each waits for the one before it, and the first that fails ends the run. Reviewers have
seen the change already, in the preview on the control plane's pull request.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi

from kalypso.forge import parse_author
from kalypso.model import TRACKING


class RepositoryFilesArgs(TypedDict):
    """The manifests of an environment, and where each is kept."""

    repository: str
    """Name of the GitOps repository, without its owner."""

    branch: str
    """Branch of the environment."""

    author: NotRequired[str]
    """Who writes the commits, as `Name <address>`; the token's user if absent."""

    files: Mapping[str, str]
    """Text of each file by its path from the root of the repository."""


def declare_files(
    args: RepositoryFilesArgs,
    folders: Mapping[str, pulumi.Resource],
    root: pulumi.Resource,
    after: list[pulumi.Resource],
) -> None:
    """Declare every file under the component that it belongs to, with the provider of `root`.

    Args:
        args: The files.
        folders: Component of each assignment and cluster type, by its folder.
        root: Parent of all other files.
        after: What must be there before the first one is written.
    """
    import pulumi_github

    name = args.get("author")
    author, address = parse_author(name) if name else (None, None)
    before = after
    # The tracking file says which commit is delivered: true only when all else is there.
    for path, text in sorted(args["files"].items(), key=lambda file: (file[0] == TRACKING, file)):
        made = pulumi_github.RepositoryFile(
            path,
            repository=args["repository"],
            branch=args["branch"],
            file=path,
            content=text,
            # The same whatever the model's commit: another message alone would be a commit.
            commit_message=f"Deliver {path} to {args['branch']}",
            commit_author=author,
            commit_email=address,
            overwrite_on_create=True,
            opts=pulumi.ResourceOptions(
                parent=_parent(path, folders, root),
                depends_on=before,
            ),
        )
        before = [made]


def _parent(
    path: str, folders: Mapping[str, pulumi.Resource], root: pulumi.Resource
) -> pulumi.Resource:
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if folder in folders:
            return folders[folder]
    return root
