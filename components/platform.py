"""A platform in one environment: its repositories, if this stack owns them, and its scheduling."""

from typing import TypedDict

import pulumi

from kalypso.delivery.proposal import Wording

from .destination import Destination
from .repositories import Repositories
from .resources import DestinationArgs, WordingArgs
from .schedule import Schedule
from .scheduling import Scheduling
from .settings import Settings


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

    repositories: Repositories | None
    """What the environments share, if this stack owns it."""

    scheduling: Scheduling
    """The environment of this stack."""

    def __init__(
        self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Platform", name, {}, opts)
        settings, schedule = args["settings"], args["schedule"]
        folder = str(settings.local.folder)
        inside = pulumi.ResourceOptions(parent=self)
        self.repositories = None
        if args["owns_repositories"] and settings.forge == "local":
            self.repositories = Repositories(
                settings.prefix,
                {"folder": folder, "prefix": settings.prefix, "url": settings.forge_url},
                inside,
            )
        self.scheduling = Scheduling(
            settings.environment,
            {
                "evaluation": schedule.evaluation,
                "branch": {
                    **_identity(schedule.destination),
                    **_words(args["wording"], settings),
                    "branch": schedule.branch,
                    "environment": settings.environment,
                    "parent": schedule.parent,
                    "files": dict(schedule.evaluation.files),
                },
                "after": self.repositories.contents if self.repositories else [],
            },
            inside,
        )
        self.register_outputs({})


def _identity(destination: Destination) -> DestinationArgs:
    """Return which repository it is; the embedded forge says nothing of GitHub."""
    where: DestinationArgs = {
        "folder": destination.folder,
        "repository": destination.repository,
    }
    if destination.github:
        where["github"] = destination.github
    return where


def _words(wording: Wording | None, settings: Settings) -> WordingArgs:
    words: WordingArgs = {}
    if settings.author:
        words["author"] = settings.author
    if wording is not None:
        words |= {"title": wording.title, "body": wording.body, "trailers": wording.trailers}
    return words
