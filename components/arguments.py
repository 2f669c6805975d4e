"""From a stack's settings and its evaluated environment to the arguments of `Platform`.

This is the only place where components meet settings: they themselves take what they need.
"""

from kalypso.delivery.proposal import Wording
from kalypso.forge.github.place import DEFAULT_URL
from kalypso.model.platform import Assignment, Evaluation
from kalypso.stack.destination import Destination
from kalypso.stack.schedule import Schedule
from kalypso.stack.settings import Settings

from .file_delivery import files_of
from .platform import PlatformArgs
from .repositories.github import GitHubRepositoriesArgs
from .repositories.github_provider import GitHubProviderArgs
from .repositories.local import RepositoriesArgs
from .resources import DestinationArgs, GitOpsBranchArgs, WordingArgs
from .scheduling.repository_files import RepositoryFilesArgs
from .scheduling.scheduling import AssignmentArgs, ClusterTypeArgs, SchedulingArgs


def platform_args(
    settings: Settings, schedule: Schedule, wording: Wording | None, *, owns_repositories: bool
) -> PlatformArgs:
    """Return what a stack declares.

    Args:
        settings: Settings of the stack.
        schedule: The evaluated environment.
        wording: What the pull request says; None for none.
        owns_repositories: Whether this stack makes what environments share.
    """
    args: PlatformArgs = {
        "environment": settings.environment,
        "scheduling": _scheduling(settings, schedule, wording),
    }
    if settings.delivery == "repository-files":
        args["files_owner"] = schedule.destination.repository.partition("/")[0]
    if settings.forge == "github":
        args["github"] = _provider(settings)
    if owns_repositories and settings.makes_repositories:
        if settings.forge == "github":
            args["github_repositories"] = _github_repositories(settings)
        else:
            args["repositories"] = _local_repositories(settings)
    return args


def _scheduling(settings: Settings, schedule: Schedule, wording: Wording | None) -> SchedulingArgs:
    args: SchedulingArgs = {"cluster_types": _cluster_types(schedule.evaluation)}
    if settings.delivery == "repository-files":
        args["files"] = _files(settings, schedule)
    else:
        args["branch"] = _branch(settings, schedule, wording)
    return args


def _cluster_types(evaluation: Evaluation) -> list[ClusterTypeArgs]:
    assignments: dict[str, list[AssignmentArgs]] = {}
    for assignment in evaluation.assignments:
        assignments.setdefault(assignment.cluster_type.name, []).append(_assignment(assignment))
    return [
        {"name": kind.name, "labels": kind.labels, "assignments": assignments.get(kind.name, [])}
        for kind in evaluation.cluster_types
    ]


def _assignment(assignment: Assignment) -> AssignmentArgs:
    return {
        "folder": assignment.folder,
        "policies": [policy.name for policy in assignment.policies],
        "workspace": assignment.target.workspace,
    }


def _branch(settings: Settings, schedule: Schedule, wording: Wording | None) -> GitOpsBranchArgs:
    return {
        **_identity(schedule.destination),
        **_words(wording, settings),
        "branch": schedule.branch,
        "environment": settings.environment,
        "parent": schedule.parent,
        "files": dict(schedule.evaluation.files),
    }


def _identity(destination: Destination) -> DestinationArgs:
    """Return which repository it is; one of the embedded forge has no address of GitHub."""
    where: DestinationArgs = {"folder": destination.folder, "repository": destination.repository}
    if destination.github:
        where["github"] = destination.github
    return where


def _words(wording: Wording | None, settings: Settings) -> WordingArgs:
    words: WordingArgs = {}
    if settings.author:
        words["author"] = settings.author
    if settings.sign:
        words["sign"] = True
    if wording is not None:
        words |= {"title": wording.title, "body": wording.body, "trailers": wording.trailers}
    return words


def _files(settings: Settings, schedule: Schedule) -> RepositoryFilesArgs:
    args: RepositoryFilesArgs = {
        "repository": schedule.destination.repository.partition("/")[2],
        "branch": schedule.branch,
        "files": files_of(schedule),
    }
    if settings.author:
        args["author"] = settings.author
    return args


def _local_repositories(settings: Settings) -> RepositoriesArgs:
    return {
        "folder": str(settings.local.folder),
        "prefix": settings.prefix,
        "url": settings.repositories_url,
    }


def _github_repositories(settings: Settings) -> GitHubRepositoriesArgs:
    return {
        "owner": settings.github_owner,
        "prefix": settings.prefix,
        "github": settings.github.url,
        "visibility": settings.visibility,
        "archive_on_destroy": settings.on_destroy == "archive",
    }


def _provider(settings: Settings) -> GitHubProviderArgs:
    args: GitHubProviderArgs = {}
    url = settings.forge_api or settings.github.url
    if url != DEFAULT_URL:
        args["base_url"] = f"{url.removesuffix('/')}/"
    if settings.app_id:
        args["app"] = {
            "id": settings.app_id,
            "installation_id": str(settings.app_installation),
            "pem_file": settings.app_key,
        }
    elif settings.github_token:
        args["token"] = settings.github_token
    return args
