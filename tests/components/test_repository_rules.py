"""Rules for branches on GitHub: what is declared, in which repositories, and for whom."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_github
import pytest

from components.arguments import platform_args
from components.platform import Platform
from components.repositories.rules import RepositoryRules, RepositoryRulesArgs
from kalypso.stack.schedule import make_schedule
from kalypso.stack.stack_file import parse_settings
from tests.components.test_azure import Azure
from tests.components.test_declared_on_github import broken
from tests.standins.github.server import TOKEN, GitHubServer


def declare(args: RepositoryRulesArgs) -> None:
    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        there = pulumi_github.Repository("gitops")
        provider = pulumi_github.Provider("github-acme")
        opts = pulumi.ResourceOptions(providers=[provider])
        return RepositoryRules("gitops", {**args, "after": [there]}, opts).urn

    program()


def ruleset(watched: Azure, name: str = "gitops") -> Mapping[str, Any]:
    return watched.inputs[f"RepositoryRuleset {name}"]


def test_branches_are_neither_deleted_nor_pushed_by_force(watched: Azure) -> None:
    declare({"repository": "gitops", "branches": ["dev", "stage"]})
    found = ruleset(watched)
    assert found["conditions"] == {
        "refName": {"includes": ["refs/heads/dev", "refs/heads/stage"], "excludes": []}
    }
    assert found["rules"] == {"deletion": True, "nonFastForward": True}
    assert (found["enforcement"], found["bypassActors"]) == ("active", [])
    assert broken("RepositoryRuleset", found) == []
    assert "gitops" in watched.depends("RepositoryRuleset gitops")


def test_pull_requests_may_be_merged_in_every_way(watched: Azure) -> None:
    declare({"repository": "gitops", "branches": ["dev"], "by_pull_request": True})
    wanted = {"allowedMergeMethods": ["merge", "squash", "rebase"]}
    assert ruleset(watched)["rules"]["pullRequest"] == wanted


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("organization-admins", "OrganizationAdmin", None),
        ("repository-admins", "RepositoryRole", 5),
        ("maintainers", "RepositoryRole", 2),
        ("app:12", "Integration", 12),
        ("team:34", "Team", 34),
        ("user:56", "User", 56),
    ],
)
def test_who_bypasses_is_named_as_github_does(
    watched: Azure, name: str, kind: str, number: int | None
) -> None:
    declare({"repository": "gitops", "branches": ["dev"], "bypass": [name]})
    (actor,) = ruleset(watched)["bypassActors"]
    assert (actor["actorType"], actor.get("actorId")) == (kind, number)
    assert actor["bypassMode"] == "always"


@pytest.mark.parametrize("name", ["ada", "team:platform", "robot:7", "app:"])
def test_nobody_bypasses_whom_github_has_no_number_for(watched: Azure, name: str) -> None:
    with pytest.raises(ValueError, match="nobody whom GitHub lets bypass rules"):
        declare({"repository": "gitops", "branches": ["dev"], "bypass": [name]})
    assert "RepositoryRuleset gitops" not in watched.inputs


def declare_platform(server: GitHubServer, *, makes: bool = True, **given: str) -> None:
    settings = parse_settings(
        {
            "kalypso:forge": "github",
            "kalypso:forge.url": server.url,
            "kalypso:github.owner": "acme",
            "kalypso:github.token": TOKEN,
            **{f"kalypso:repositories.{key}": text for key, text in given.items()},
        },
        "dev",
    )
    schedule = make_schedule(settings)

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        args = platform_args(settings, schedule, owns_repositories=makes, mark="dev")
        return Platform("kalypso", args).urn

    program()


def test_only_pull_requests_change_gitops_and_promotions_push_to_the_control_plane(
    watched: Azure, github_server: GitHubServer
) -> None:
    declare_platform(github_server, rulesets="true", bypass='["app:12"]')
    assert watched.of("RepositoryRuleset") == ["kalypso-control-plane", "kalypso-gitops"]
    gitops, control_plane = (
        ruleset(watched, f"kalypso-{content}") for content in ("gitops", "control-plane")
    )
    assert "pullRequest" in gitops["rules"]
    assert "pullRequest" not in control_plane["rules"]
    for each in (gitops, control_plane):
        assert each["conditions"]["refName"]["includes"] == ["refs/heads/dev"]
        assert [actor["actorId"] for actor in each["bypassActors"]] == [12]


def test_rules_and_environments_stay_as_long_as_other_stacks_are_there(
    watched: Azure, github_server: GitHubServer
) -> None:
    declare_platform(github_server, rulesets="true", environments="true")
    before = watched.requests["StackMark dev-mark"].dependencies
    kinds = {urn.rpartition("$")[2].partition("::")[0].rpartition(":")[2] for urn in before}
    assert {"RepositoryRuleset", "RepositoryEnvironment"} <= kinds


def test_without_the_setting_there_are_no_rules(
    watched: Azure, github_server: GitHubServer
) -> None:
    declare_platform(github_server)
    assert watched.of("RepositoryRuleset") == []


def test_repositories_that_are_not_made_get_neither_rules_nor_environments(
    watched: Azure, github_server: GitHubServer
) -> None:
    declare_platform(github_server, makes=False, rulesets="true", environments="true")
    assert watched.of("RepositoryRuleset") == watched.of("RepositoryEnvironment") == []


def test_environments_without_federation_have_the_variables_of_promotion(
    watched: Azure, github_server: GitHubServer
) -> None:
    declare_platform(github_server, environments="true")
    assert watched.of("RepositoryEnvironment") == [
        "kalypso-control-plane-dev",
        "kalypso-gitops-dev",
    ]
    assert watched.of("ActionsEnvironmentVariable") == [
        "kalypso-control-plane-dev-GITOPS_REPO",
        "kalypso-gitops-dev-GITOPS_REPO",
    ]
