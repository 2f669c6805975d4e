"""`delivery: repository-files`: each manifest is a resource of its own on the environment's branch.

GitHub makes one commit of each file, and refuses two at once on a branch. So the files form a
chain: each waits for the one before it, and the first that fails ends the run. Reviewers have
seen the change already, in the preview on the control plane's pull request.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from kalypso.errors import Position, SettingsError
from kalypso.forge.author import parse_author
from kalypso.gitops.plan import Plan
from kalypso.model.provenance import TRACKING
from kalypso.stack.schedule import Schedule
from kalypso.stack.settings import Settings

MOST_FILES = 150
"""Changed files of one run: GitHub takes some 500 such commits in an hour."""
_SHOWN = 5
"""Paths that a message names."""


class RepositoryFilesArgs(TypedDict):
    """The manifests of an environment, and where each is kept."""

    repository: str
    """Name of the GitOps repository, without its owner."""

    branch: str
    """Branch of the environment."""

    author: str
    """Who writes the commits, as `Name <address>`; empty for the token's user."""

    files: Mapping[str, str]
    """Text of each file by its path from the root of the repository."""

    provider: pulumi.ProviderResource
    """Writes them."""


def check_files(planned: Plan, settings: Settings) -> None:
    """Refuse a run that would take GitHub's patience, or hours.

    Raises:
        SettingsError: More files change than one run may write one by one.
    """
    number = len(planned.changes)
    if settings.delivery == "repository-files" and number > MOST_FILES:
        raise SettingsError(
            f"{number} files would change, each with a commit of its own: at most {MOST_FILES}"
            " in one run",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            "deliver one pull request instead: `pulumi config set delivery pull-request`",
            code="too-many-files",
        )


def files_of(schedule: Schedule) -> dict[str, str]:
    """Return the text of every managed file; of a shared one, with the lines that are people's."""
    after = schedule.planned.files
    return {path: after[path].decode(errors="replace") for path in schedule.evaluation.files}


def difference(schedule: Schedule) -> str:
    """Say what of the branch is not as the model wants it; empty if all of it is."""
    paths = [change.path for change in schedule.planned.changes]
    if not paths:
        return ""
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    files = "1 file differs" if len(paths) == 1 else f"{len(paths)} files differ"
    return (
        f"{files} between {schedule.destination.full_name}@{schedule.branch} and the model:"
        f" {', '.join(paths[:_SHOWN])}{more}. What people changed by hand is seen with --refresh;"
        " a file that this stack has not written is not removed by it"
    )


def declare_files(
    args: RepositoryFilesArgs,
    folders: Mapping[str, pulumi.Resource],
    root: pulumi.Resource,
    after: list[pulumi.Resource],
) -> None:
    """Declare every file under the component that it belongs to.

    Args:
        args: The files.
        folders: Component of each assignment and cluster type, by its folder.
        root: Parent of all other files.
        after: What must be there before the first one is written.
    """
    import pulumi_github  # noqa: PLC0415 - 0.9 s that other stacks need not spend

    author, address = parse_author(args["author"]) if args["author"] else (None, None)
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
                provider=args["provider"],
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
