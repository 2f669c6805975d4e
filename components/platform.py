"""A platform in one environment: its scheduling, and what environments share if this stack owns it.

Owns what its arguments describe and nothing else: a stack that makes neither repositories nor
clusters declares only its environment's scheduling.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi

from .fleet import Fleet, FleetArgs
from .repositories import (
    GitHubProviderArgs,
    GitHubRepositories,
    GitHubRepositoriesArgs,
    Repositories,
    RepositoriesArgs,
    RepositoryEnvironments,
    RepositoryEnvironmentsArgs,
    RepositoryRules,
    RepositoryRulesArgs,
    declare_github_provider,
)
from .resource_arguments import StackMarkArgs
from .resources import StackMark
from .scheduling import Scheduling, SchedulingArgs

_ASKING = ("gitops", "control-plane")
"""The repositories whose workflows ask gates."""


class PlatformRulesArgs(TypedDict):
    """What rules keep on GitHub."""

    gitops: Sequence[str]
    """Branches of the GitOps repository, which only pull requests change."""

    control_plane: Sequence[str]
    """Branches of the control plane, to which a promotion pushes."""

    bypass: NotRequired[Sequence[str]]
    """Whom the rules do not concern; nobody by default."""


class PlatformArgs(TypedDict):
    """What `Platform` needs. At most one kind of repositories is given."""

    environment: str
    """Name of the environment that this stack schedules."""

    scheduling: SchedulingArgs
    """Who runs where in the environment, and how the manifests get there."""

    repositories: NotRequired[RepositoriesArgs]
    """What environments share, on the local forge, if this stack makes it."""

    github_repositories: NotRequired[GitHubRepositoriesArgs]
    """The same on GitHub."""

    github_environments: NotRequired[Mapping[str, Mapping[str, str]]]
    """Variables of workflows by the environment's name and their own, in repositories on GitHub
    that this stack makes."""

    github_secrets: NotRequired[Mapping[str, Mapping[str, pulumi.Input[str]]]]
    """Secrets of workflows in the same way, for environments that have variables."""

    github_rules: NotRequired[PlatformRulesArgs]
    """Rules for branches of these repositories."""

    github: NotRequired[GitHubProviderArgs]
    """How GitHub is reached, if resources are declared there."""

    fleet: NotRequired[FleetArgs]
    """Clusters that are set up, if this stack does it."""

    mark: NotRequired[StackMarkArgs]
    """How the stack says that it is there, if stacks share clusters."""

    files_owner: NotRequired[str]
    """Owner on GitHub of the repository whose files are written one by one."""


class Platform(pulumi.ComponentResource):
    """Everything that one stack of the platform consists of."""

    repositories: Repositories | GitHubRepositories | None
    """What the environments share, if this stack owns it."""

    scheduling: Scheduling
    """The environment of this stack."""

    fleet: Fleet | None
    """The clusters, if this stack sets them up."""

    def __init__(
        self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Platform", name, {}, opts)
        self._github: GitHubProviderArgs = args.get("github") or {}
        self._providers: dict[str, pulumi.ProviderResource] = {}
        self.repositories = self._repositories(name, args)
        after = self.repositories.contents if self.repositories else []
        self.scheduling = Scheduling(
            args["environment"],
            {
                **args["scheduling"],
                "after": [*args["scheduling"].get("after", ()), *after, *self._mark(args)],
            },
            self._inside(args.get("files_owner", "")),
        )
        self.fleet = (
            Fleet(name, {**args["fleet"], "after": after}, self._inside(_keys_owner(args["fleet"])))
            if "fleet" in args
            else None
        )
        beside = [*self._environments(name, args), *self._rules(args)]
        if "mark" in args and args["mark"].get("shares"):
            # It is deleted first, so as long as other stacks are there, nothing is.
            shared: list[pulumi.Resource] = [*after, *beside, self.scheduling]
            shared += [self.fleet] if self.fleet else []
            inside = pulumi.ResourceOptions(parent=self, depends_on=shared)
            StackMark(f"{args['mark']['stack']}-mark", args["mark"], inside)
        self.register_outputs({})

    def _mark(self, args: PlatformArgs) -> list[pulumi.Resource]:
        """Declare first that the stack is there, so that it is the last thing that goes."""
        if "mark" not in args or args["mark"].get("shares"):
            return []
        inside = pulumi.ResourceOptions(parent=self)
        return [StackMark(f"{args['mark']['stack']}-mark", args["mark"], inside)]

    def _environments(self, name: str, args: PlatformArgs) -> list[pulumi.Resource]:
        """Declare variables and secrets of workflows, in the repositories that are made."""
        workflows = self.fleet.workflows if self.fleet else {}
        given = args.get("github_environments", {})
        variables: dict[str, dict[str, pulumi.Input[str]]] = {
            environment: {
                **given.get(environment, {}),
                **(workflows[environment].variables if environment in workflows else {}),
            }
            for environment in {**given, **workflows}
        }
        if not variables or "github_repositories" not in args:
            return []
        on_github = args["github_repositories"]
        wanted: RepositoryEnvironmentsArgs = {
            "repositories": [f"{on_github['prefix']}-{each}" for each in _ASKING],
            "variables": variables,
        }
        if "github_secrets" in args:
            wanted["secrets"] = args["github_secrets"]
        if self.repositories:
            wanted["after"] = self.repositories.contents
        return [RepositoryEnvironments(name, wanted, self._inside(on_github["owner"]))]

    def _rules(self, args: PlatformArgs) -> list[pulumi.Resource]:
        """Declare what keeps branches, in the repositories that are made."""
        if "github_rules" not in args or "github_repositories" not in args:
            return []
        on_github, rules = args["github_repositories"], args["github_rules"]
        made: list[pulumi.Resource] = []
        for content, branches in (
            ("gitops", rules["gitops"]),
            ("control-plane", rules["control_plane"]),
        ):
            repository = f"{on_github['prefix']}-{content}"
            given: RepositoryRulesArgs = {
                "repository": repository,
                "branches": branches,
                "by_pull_request": content == "gitops",
                "bypass": rules.get("bypass", ()),
            }
            if self.repositories:
                given["after"] = self.repositories.contents
            made.append(RepositoryRules(repository, given, self._inside(on_github["owner"])))
        return made

    def _repositories(
        self, name: str, args: PlatformArgs
    ) -> Repositories | GitHubRepositories | None:
        if "github_repositories" in args:
            on_github = args["github_repositories"]
            return GitHubRepositories(name, on_github, self._inside(on_github["owner"]))
        if "repositories" in args:
            return Repositories(name, args["repositories"], self._inside(""))
        return None

    def _inside(self, owner: str) -> pulumi.ResourceOptions:
        """Return the options of a child, with the provider for an owner on GitHub if it has one."""
        if not owner:
            return pulumi.ResourceOptions(parent=self)
        if owner not in self._providers:  # most platforms have one owner
            inside = pulumi.ResourceOptions(parent=self)
            self._providers[owner] = declare_github_provider(owner, self._github, inside)
        return pulumi.ResourceOptions(parent=self, providers=[self._providers[owner]])


def _keys_owner(fleet: FleetArgs) -> str:
    """Return who has the repository on GitHub that gets deploy keys; empty if none does."""
    return fleet["keys"]["owner"] if "keys" in fleet else ""
