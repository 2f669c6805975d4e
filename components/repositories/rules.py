"""Rules for branches of a repository on GitHub, which people and tokens cannot get around.

Owns one ruleset. Leaves alone all others, which apply beside it: reviews that a pull request needs
are for its owners to ask for.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi

if TYPE_CHECKING:
    from pulumi_github import RepositoryRulesetBypassActorArgsDict as Actor
    from pulumi_github import RepositoryRulesetRulesArgsDict as Rules

_ROLES = {"maintainers": 2, "repository-admins": 5}
"""GitHub's numbers of the roles that everybody has."""
_KINDS = {"app": "Integration", "team": "Team", "user": "User"}


class RepositoryRulesArgs(TypedDict):
    """What `RepositoryRules` needs. The provider is that of the repository's owner."""

    repository: str
    """Name of the repository, without its owner."""

    branches: Sequence[str]
    """Branches that are neither deleted nor pushed by force."""

    by_pull_request: NotRequired[bool]
    """Whether only pull requests change them; commits may be pushed by default."""

    bypass: NotRequired[Sequence[str]]
    """Whom the rules do not concern: `organization-admins`, `repository-admins`, `maintainers`,
    `app:`, `team:` or `user:` and a number; nobody by default."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What must be there before, and go after them: the repository, with its branches."""


class RepositoryRules(pulumi.ComponentResource):
    """A ruleset that keeps branches from being lost."""

    def __init__(
        self, name: str, args: RepositoryRulesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:RepositoryRules", name, {}, opts)
        import pulumi_github

        includes = [f"refs/heads/{branch}" for branch in args["branches"]]
        rules: Rules = {"deletion": True, "non_fast_forward": True}
        if args.get("by_pull_request"):
            rules["pull_request"] = {"allowed_merge_methods": ["merge", "squash", "rebase"]}
        pulumi_github.RepositoryRuleset(
            name,
            name="Kalypso: branches of environments",
            repository=args["repository"],
            target="branch",
            enforcement="active",
            conditions={"ref_name": {"includes": includes, "excludes": []}},
            rules=rules,
            bypass_actors=[_actor(each) for each in args.get("bypass", ())],
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.get("after", ()))),
        )
        self.register_outputs({})


def _actor(name: str) -> "Actor":
    """Return whom a name means, as GitHub has it."""
    if name == "organization-admins":
        return {"actor_type": "OrganizationAdmin", "bypass_mode": "always"}
    if name in _ROLES:
        return {"actor_type": "RepositoryRole", "actor_id": _ROLES[name], "bypass_mode": "always"}
    kind, _, number = name.partition(":")
    if kind not in _KINDS or not number.isdecimal():
        raise ValueError(f"{name!r} is nobody whom GitHub lets bypass rules")
    return {"actor_type": _KINDS[kind], "actor_id": int(number), "bypass_mode": "always"}
