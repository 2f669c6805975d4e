"""Environments on GitHub whose jobs ask Azure: which are made, where, and with which variables."""

import json
from collections.abc import Iterator

import pulumi
import pulumi_github
import pytest

from components.arguments import platform_args
from components.fleet_arguments import fleet_args
from components.platform import Platform
from components.repositories.environments import RepositoryEnvironments
from kalypso.stack.fleet import make_fleet
from kalypso.stack.schedule import make_schedule
from kalypso.stack.stack_file import parse_settings
from tests.components.kubernetes_types import is_secret, plain
from tests.components.test_azure import Azure
from tests.components.test_azure_everywhere import AZURE, Engine
from tests.components.test_declared_on_github import broken
from tests.standins.github.server import TOKEN, GitHubServer


class Identities(Engine):
    """Also gives identities of Azure what Azure gives them."""

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        made, state = super().new_resource(args)
        if args.typ.endswith(":UserAssignedIdentity"):
            state |= {"principalId": "p", "clientId": f"client-{args.name}", "tenantId": "tenant"}
        if args.typ.endswith(":ResourceGroup"):
            made = f"/subscriptions/{AZURE['subscription']}/resourceGroups/kalypso-rg"
        return made, state


@pytest.fixture
def engine() -> Iterator[Identities]:
    mocks = Identities()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev")
    yield mocks
    pulumi.runtime.settings.reset_options()


def declare(server: GitHubServer, *, federation: bool, makes: bool = True, **more: str) -> None:
    """Declare a platform on GitHub with a cluster in Azure."""
    given = {
        "forge": "github",
        "forge.url": server.url,
        "github.owner": "acme",
        "github.token": TOKEN,
        "clusters": json.dumps([{"name": "drone", "provider": "azure"}]),
        "environments": '["dev", "stage"]',
        "azure": json.dumps({**AZURE, "federation": federation}),
        **more,
    }
    settings = parse_settings({f"kalypso:{key}": text for key, text in given.items()}, "dev")
    schedule = make_schedule(settings)
    fleet = make_fleet(settings, schedule.evaluation, schedule.branch, "dev")

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        args = platform_args(settings, schedule, owns_repositories=makes)
        args["fleet"] = fleet_args(fleet, settings)
        return Platform("kalypso", args).urn

    program()


def test_the_two_repositories_that_ask_gates_get_every_environment(
    engine: Identities, github_server: GitHubServer
) -> None:
    declare(github_server, federation=True)
    assert engine.names("RepositoryEnvironment") == [
        "kalypso-control-plane-dev",
        "kalypso-control-plane-stage",
        "kalypso-gitops-dev",
        "kalypso-gitops-stage",
    ]
    variables = {
        given["variableName"]: given["value"]
        for name, given in engine.inputs.items()
        if name.startswith("ActionsEnvironmentVariable kalypso-gitops-stage-")
    }
    assert variables == {
        "AZURE_CLIENT_ID": "client-kalypso-stage-workflows",
        "AZURE_TENANT_ID": "tenant",
        "AZURE_SUBSCRIPTION_ID": AZURE["subscription"],
    }


def test_without_federation_no_environment_is_made(
    engine: Identities, github_server: GitHubServer
) -> None:
    declare(github_server, federation=False)
    assert engine.names("RepositoryEnvironment") == []


def test_repositories_that_are_not_made_are_left_as_they_are(
    engine: Identities, github_server: GitHubServer
) -> None:
    declare(github_server, federation=True, makes=False)
    assert engine.names("UserAssignedIdentity") == [
        "kalypso-dev-workflows",
        "kalypso-stage-workflows",
    ]
    assert engine.names("RepositoryEnvironment") == []


def test_an_environment_has_its_own_secret_or_the_one_for_all(
    engine: Identities, github_server: GitHubServer
) -> None:
    given = {"ONE": {"*": "for-all", "stage": "for-stage"}, "TWO": {"stage": "for-stage-too"}}
    wanted = json.dumps({"environments": True, "secrets": given})
    declare(github_server, federation=False, repositories=wanted)
    found = {
        (each["repository"], each["environment"], each["secretName"]): plain(each["value"])
        for name, each in engine.inputs.items()
        if name.startswith("ActionsEnvironmentSecret ")
    }
    assert found == {
        (repository, *key): value
        for repository in ("kalypso-gitops", "kalypso-control-plane")
        for key, value in (
            (("dev", "ONE"), "for-all"),
            (("stage", "ONE"), "for-stage"),
            (("stage", "TWO"), "for-stage-too"),
        )
    }


def declare_alone() -> None:
    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        there = pulumi_github.Repository("gitops")
        return RepositoryEnvironments(
            "alone",
            {
                "repositories": ["gitops"],
                "variables": {"dev": {"WHO": "ada"}},
                "secrets": {"dev": {"TOKEN": "known-to-jobs"}, "stage": {"TOKEN": "to-nobody"}},
                "after": [there],
            },
            pulumi.ResourceOptions(providers=[pulumi_github.Provider("github-acme")]),
        ).urn

    program()


def test_environments_come_after_their_repository_and_variables_after_them(watched: Azure) -> None:
    declare_alone()
    assert "gitops" in watched.depends("RepositoryEnvironment gitops-dev")
    assert "gitops-dev" in watched.depends("ActionsEnvironmentVariable gitops-dev-WHO")


def test_a_secret_is_never_an_input_in_clear(watched: Azure) -> None:
    declare_alone()
    kind = "ActionsEnvironmentSecret "
    assert [each for each in watched.inputs if each.startswith(kind)] == [f"{kind}gitops-dev-TOKEN"]
    given = watched.inputs["ActionsEnvironmentSecret gitops-dev-TOKEN"]
    assert is_secret(given["value"])
    assert plain(given["value"]) == "known-to-jobs"
    assert "gitops-dev" in watched.depends("ActionsEnvironmentSecret gitops-dev-TOKEN")


def test_every_input_is_one_that_the_package_knows(watched: Azure) -> None:
    declare_alone()
    there = watched.inputs["RepositoryEnvironment gitops-dev"]
    variable = watched.inputs["ActionsEnvironmentVariable gitops-dev-WHO"]
    assert broken("RepositoryEnvironment", there) == []
    assert broken("ActionsEnvironmentVariable", variable) == []
    secret = watched.inputs["ActionsEnvironmentSecret gitops-dev-TOKEN"]
    assert broken("ActionsEnvironmentSecret", plain(secret)) == []
