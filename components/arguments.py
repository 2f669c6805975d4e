"""From a stack's settings and its evaluated environment to the arguments of `Platform`.

This is the only place where components meet settings: they themselves take what they need.
"""

from collections.abc import Callable, Mapping
from typing import cast

import pulumi

from kalypso.forge.github import DEFAULT_URL
from kalypso.stack import EVERY_ENVIRONMENT, Preview, Schedule, Settings, Summary

from .file_delivery import files_of
from .platform import PlatformArgs
from .repositories import GitHubProviderArgs, check_package
from .resource_arguments import DestinationArgs, GitOpsBranchArgs, WordingArgs
from .scheduling import AssignmentArgs, ClusterTypeArgs, RepositoryFilesArgs, SchedulingArgs


def platform_args(
    settings: Settings,
    schedule: Schedule,
    *,
    owns_repositories: bool,
    preview: Preview | None = None,
    mark: str = "",
) -> PlatformArgs:
    """Return what a stack declares.

    Args:
        settings: Settings of the stack.
        schedule: The evaluated environment.
        owns_repositories: Whether this stack makes what environments share.
        preview: What a preview shows of changed files; None in a real run.
        mark: Name of the stack, if it says that it is there because stacks share clusters.
    """
    args: PlatformArgs = {
        "environment": settings.environment,
        "scheduling": _scheduling(settings, schedule),
    }
    if preview is not None:
        args["scheduling"]["preview"] = {
            "before": preview.before,
            "after": preview.after,
            "more": preview.more,
        }
    if settings.delivery == "repository-files":
        args["files_owner"] = schedule.destination.full_name.partition("/")[0]
    if mark:
        args["mark"] = {
            **cast(DestinationArgs, schedule.destination.identity),
            "stack": mark,
            "shares": mark == settings.platform_stack,
        }
    makes = owns_repositories and settings.makes_repositories
    declare = _ON_FORGE.get(settings.forge.kind)
    if declare:
        declare(args, settings, makes)
    if makes:
        _beside_content(args, settings, schedule)
    return args


def _beside_content(args: PlatformArgs, settings: Settings, schedule: Schedule) -> None:
    """Add what the settings want on repositories that are made, beside their content."""
    wanted, names = settings.repositories, settings.environments or [settings.environment]
    if wanted.environments:
        repository = {"GITOPS_REPO": schedule.destination.full_name}
        following = [*({"NEXT_ENVIRONMENT": name} for name in names[1:]), {}]
        args["github_environments"] = {
            name: {**repository, **then} for name, then in zip(names, following, strict=True)
        }
    if wanted.secrets:
        args["github_secrets"] = {name: _secrets(settings, name) for name in names}
    if wanted.rulesets:
        args["github_rules"] = {
            "gitops": [schedule.branch if each == settings.environment else each for each in names],
            "control_plane": names,
            "bypass": wanted.bypass,
        }


def _secrets(settings: Settings, environment: str) -> dict[str, pulumi.Output[str]]:
    """Return the secrets of an environment's workflows by their names."""
    return {
        name: pulumi.Output.secret(values.get(environment) or values[EVERY_ENVIRONMENT])
        for name, values in settings.repositories.secrets.items()
        if environment in values or EVERY_ENVIRONMENT in values
    }


def _scheduling(settings: Settings, schedule: Schedule) -> SchedulingArgs:
    args: SchedulingArgs = {"cluster_types": _cluster_types(schedule.summary)}
    if settings.delivery == "repository-files":
        args["files"] = _files(settings, schedule)
    else:
        args["branch"] = _branch(settings, schedule)
    return args


def _cluster_types(summary: Summary) -> list[ClusterTypeArgs]:
    assignments: dict[str, list[AssignmentArgs]] = {}
    for each in summary.assignments:
        shown: AssignmentArgs = {
            "folder": each.folder,
            "policies": list(each.policies),
            "workspace": each.workspace,
        }
        assignments.setdefault(each.cluster_type, []).append(shown)
    return [
        {
            "name": kind.name,
            "labels": kind.labels,
            "number": kind.assignments,
            "assignments": assignments.get(kind.name, []),
        }
        for kind in summary.cluster_types
    ]


def _branch(settings: Settings, schedule: Schedule) -> GitOpsBranchArgs:
    return {
        **cast(DestinationArgs, schedule.destination.identity),
        **_commit(settings),
        "branch": schedule.branch,
        "environment": settings.environment,
        "parent": schedule.parent,
        "tree": schedule.tree,
        "manifests": schedule.manifests,
        "content": schedule.content,
        "totals": {**schedule.summary.totals},
    }


def _commit(settings: Settings) -> WordingArgs:
    words: WordingArgs = {}
    if settings.commit.author:
        words["author"] = settings.commit.author
    if settings.commit.sign:
        words["sign"] = True
    return words


def _files(settings: Settings, schedule: Schedule) -> RepositoryFilesArgs:
    args: RepositoryFilesArgs = {
        "repository": schedule.destination.full_name.partition("/")[2],
        "branch": schedule.branch,
        "files": files_of(schedule),
    }
    if settings.commit.author:
        args["author"] = settings.commit.author
    return args


def _on_local_forge(args: PlatformArgs, settings: Settings, makes: bool) -> None:  # noqa: FBT001 - of the table below
    if makes:
        home = settings.forge.home
        place = settings.forge.place(f"{home}/{settings.repository('gitops')}")
        args["repositories"] = {
            "folder": place.identity["folder"] if place else "",
            "prefix": settings.prefix,
            "url": home,
        }


def _on_github(args: PlatformArgs, settings: Settings, makes: bool) -> None:  # noqa: FBT001 - of the table below
    args["github"] = _provider(settings)
    if makes:
        args["github_repositories"] = {
            "owner": settings.github.owner,
            "prefix": settings.prefix,
            "github": settings.forge.url,
            "visibility": settings.github.visibility,
            "archive_on_destroy": settings.repositories.on_destroy == "archive",
        }


def _provider(settings: Settings) -> GitHubProviderArgs:
    args: GitHubProviderArgs = {}
    given, url = settings.github, settings.server.api or settings.forge.url
    if url != DEFAULT_URL:
        args["base_url"] = f"{url.removesuffix('/')}/"
    if given.app.id:
        args["app"] = {
            "id": given.app.id,
            "installation_id": str(given.app.installation),
            "pem_file": given.app.key,
        }
    elif given.token:
        args["token"] = given.token
    return args


def _check_github(settings: Settings) -> None:
    app = settings.github.app
    check_package(app=bool(app.id), installation=bool(app.installation))


_ON_FORGE: Mapping[str, Callable[[PlatformArgs, Settings, bool], None]] = {
    "local": _on_local_forge,
    "github": _on_github,
}
"""What is declared on a forge, by its kind; given the arguments, the settings, and whether this
stack makes the repositories."""
CHECKS: Mapping[str, Callable[[Settings], None]] = {"github": _check_github}
"""What a package of Pulumi's needs that declares things on a forge, by the forge's kind."""
