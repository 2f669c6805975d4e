"""A platform in one environment: its repositories, if this stack owns them, and its scheduling."""

from collections.abc import Callable, Mapping
from typing import TypedDict, cast

import pulumi

from kalypso.delivery.proposal import Wording
from kalypso.stack.schedule import Schedule
from kalypso.stack.settings import Settings

from .repositories.github import GitHubRepositories
from .repositories.github_provider import check_provider, github_provider
from .repositories.local import Repositories
from .resources import DestinationArgs, GitOpsBranchArgs, WordingArgs
from .scheduling.repository_files import RepositoryFilesArgs, files_of
from .scheduling.scheduling import Scheduling, SchedulingArgs

CHECKS: Mapping[str, Callable[[Settings], None]] = {"github": check_provider}
"""What a package of Pulumi's needs that declares things on a forge, by the forge's kind."""


class PlatformArgs(TypedDict):
    """What `Platform` needs."""

    settings: Settings
    """Settings of the stack."""

    schedule: Schedule
    """The evaluated environment."""

    owns_repositories: bool
    """Whether this stack makes what environments share."""

    wording: Wording | None
    """What the pull request says."""


class Platform(pulumi.ComponentResource):
    """Everything that one stack of the platform consists of."""

    repositories: Repositories | GitHubRepositories | None
    """What the environments share, if this stack owns it."""

    scheduling: Scheduling
    """The environment of this stack."""

    def __init__(
        self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Platform", name, {}, opts)
        settings, schedule = args["settings"], args["schedule"]
        self._providers: dict[str, pulumi.ProviderResource] = {}
        self.repositories = self._repositories(settings) if args["owns_repositories"] else None
        scheduling: SchedulingArgs = {
            "evaluation": schedule.evaluation,
            "after": self.repositories.contents if self.repositories else [],
        }
        if settings.delivery == "repository-files":
            scheduling["files"] = self._files(schedule, settings)
        else:
            scheduling["branch"] = _branch(schedule, settings, args["wording"])
        inside = pulumi.ResourceOptions(parent=self)
        self.scheduling = Scheduling(settings.environment, scheduling, inside)
        self.register_outputs({})

    def _repositories(self, settings: Settings) -> Repositories | GitHubRepositories | None:
        if not settings.makes_repositories:
            return None
        declare: dict[str, Callable[[Settings], Repositories | GitHubRepositories]] = {
            "local": self._on_embedded_forge,
            "github": self._on_github,
        }
        return declare[settings.forge.kind](settings)

    def _on_github(self, settings: Settings) -> GitHubRepositories:
        provider = self._github(settings, settings.github.owner)
        return GitHubRepositories(
            settings.prefix,
            {"settings": settings},
            pulumi.ResourceOptions(parent=self, providers=[provider]),
        )

    def _on_embedded_forge(self, settings: Settings) -> Repositories:
        home = settings.forge.home
        place = settings.forge.place(f"{home}/{settings.repository('gitops')}")
        return Repositories(
            settings.prefix,
            {
                "folder": place.identity["folder"] if place else "",
                "prefix": settings.prefix,
                "url": home,
            },
            pulumi.ResourceOptions(parent=self),
        )

    def _files(self, schedule: Schedule, settings: Settings) -> RepositoryFilesArgs:
        owner, _, name = schedule.destination.full_name.partition("/")
        return {
            "repository": name,
            "branch": schedule.branch,
            "author": settings.commit.author,
            "files": files_of(schedule),
            "provider": self._github(settings, owner),
        }

    def _github(self, settings: Settings, owner: str) -> pulumi.ProviderResource:
        """Return the provider for an owner; most platforms have one."""
        if owner not in self._providers:
            inside = pulumi.ResourceOptions(parent=self)
            self._providers[owner] = github_provider(settings, owner, inside)
        return self._providers[owner]


def _branch(schedule: Schedule, settings: Settings, wording: Wording | None) -> GitOpsBranchArgs:
    return {
        **cast(DestinationArgs, schedule.destination.identity),
        **_words(wording, settings),
        "branch": schedule.branch,
        "environment": settings.environment,
        "parent": schedule.parent,
        "files": dict(schedule.evaluation.files),
    }


def _words(wording: Wording | None, settings: Settings) -> WordingArgs:
    words: WordingArgs = {}
    if settings.commit.author:
        words["author"] = settings.commit.author
    if settings.commit.sign:
        words["sign"] = True
    if wording is not None:
        words |= {"title": wording.title, "body": wording.body, "trailers": wording.trailers}
    return words
