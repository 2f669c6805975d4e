"""Workflows that ask Azure without a secret: whom Azure believes, and what they may read."""

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from components.clusters.workflow_identity import WorkflowIdentity, WorkflowIdentityArgs
from components.fleet import Fleet, FleetArgs
from tests.components.azure_types import unknown_inputs
from tests.components.kubernetes_types import plain
from tests.components.test_azure import AZURE, HOME, Azure, Monitor, cluster, run

ISSUER = "https://token.actions.githubusercontent.com"
SUBJECTS = {
    environment: {
        f"acme/kalypso-{content}": f"repo:acme/kalypso-{content}:environment:{environment}"
        for content in ("gitops", "control-plane")
    }
    for environment in ("dev", "stage")
}
READER = "providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"


class Identities(Azure):
    """Gives identities what Azure gives them."""

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        made, state = super().new_resource(args)
        if args.typ.endswith(":UserAssignedIdentity"):
            state |= {
                "principalId": f"principal-{args.name}",
                "clientId": f"client-{args.name}",
                "tenantId": "the-tenant",
            }
        if args.typ.endswith(":ResourceGroup"):
            made = f"/subscriptions/{HOME}/resourceGroups/kalypso-rg"
        return made, state


@pytest.fixture
def azure() -> Iterator[Identities]:
    mocks = Identities()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()


def fleet(**more: object) -> None:
    federation = {"issuer": ISSUER, "subjects": SUBJECTS}
    args: FleetArgs = {
        "clusters": [cluster()],
        "url": "https://github.com/acme/kalypso-gitops",
        "sources": [],
        "azure": {**AZURE, "federation": federation, **more},  # type: ignore[typeddict-item]  # of it
    }
    run(lambda: Fleet("kalypso", args))


def test_each_environment_has_an_identity_that_only_its_jobs_become(azure: Identities) -> None:
    fleet()
    assert azure.of("UserAssignedIdentity") == ["kalypso-dev-workflows", "kalypso-stage-workflows"]
    name = "FederatedIdentityCredential kalypso-stage-workflows-acme-kalypso-gitops"
    assert plain(azure.inputs[name]) == {
        "resourceGroupName": "kalypso-rg",
        "resourceName": "kalypso-stage-workflows",
        "federatedIdentityCredentialResourceName": "acme-kalypso-gitops",
        "issuer": ISSUER,
        "subject": "repo:acme/kalypso-gitops:environment:stage",
        "audiences": ["api://AzureADTokenExchange"],
    }
    believed = {
        azure.inputs[f"FederatedIdentityCredential {each}"]["subject"]
        for each in azure.of("FederatedIdentityCredential")
    }
    assert believed == {
        "repo:acme/kalypso-gitops:environment:dev",
        "repo:acme/kalypso-gitops:environment:stage",
        "repo:acme/kalypso-control-plane:environment:dev",
        "repo:acme/kalypso-control-plane:environment:stage",
    }


def test_they_may_read_the_resource_group_and_nothing_else(azure: Identities) -> None:
    fleet()
    assert azure.of("RoleAssignment") == [
        "kalypso-dev-workflows-reads",
        "kalypso-stage-workflows-reads",
    ]
    given = plain(azure.inputs["RoleAssignment kalypso-dev-workflows-reads"])
    assert given == {
        "scope": f"/subscriptions/{HOME}/resourceGroups/kalypso-rg",
        "roleDefinitionId": f"/subscriptions/{HOME}/{READER}",
        "principalId": "principal-kalypso-dev-workflows",
        "principalType": "ServicePrincipal",
    }


def test_credentials_of_an_identity_come_one_after_the_other(azure: Identities) -> None:
    fleet()
    first, second = (
        f"kalypso-dev-workflows-acme-kalypso-{content}" for content in ("control-plane", "gitops")
    )
    assert azure.depends(f"FederatedIdentityCredential {first}") >= {"kalypso-dev-workflows"}
    assert azure.depends(f"FederatedIdentityCredential {second}") >= {first}


def test_an_identity_goes_where_the_clusters_are(azure: Identities) -> None:
    fleet(tags={"team": "platform"})
    given = plain(azure.inputs["UserAssignedIdentity kalypso-dev-workflows"])
    assert given["location"] == "westus2"
    assert given["tags"] == {"team": "platform"}
    assert azure.parent("WorkflowIdentity kalypso-dev-workflows") == "Fleet kalypso"
    assert azure.provider("UserAssignedIdentity kalypso-dev-workflows") == "azure"


def test_a_group_that_exists_is_named_by_its_subscription(azure: Identities) -> None:
    fleet(makes_group=False)
    given = plain(azure.inputs["RoleAssignment kalypso-dev-workflows-reads"])
    assert given["scope"] == f"/subscriptions/{HOME}/resourceGroups/kalypso-rg"


def test_without_federation_there_is_no_identity(azure: Identities) -> None:
    args: FleetArgs = {
        "clusters": [cluster()],
        "url": "https://github.com/acme/kalypso-gitops",
        "sources": [],
        "azure": AZURE,  # type: ignore[typeddict-item]  # of it
    }
    run(lambda: Fleet("kalypso", args))
    assert azure.of("UserAssignedIdentity") == []
    assert azure.of("RoleAssignment") == []


def test_an_environment_whose_name_azure_would_refuse_is_named_without_dots(
    azure: Identities,
) -> None:
    subject = {"acme/g.itops": "repo:acme/g.itops:environment:eu.dev"}
    fleet(federation={"issuer": ISSUER, "subjects": {"eu.dev": subject}})
    (credential,) = azure.of("FederatedIdentityCredential")
    given = azure.inputs[f"FederatedIdentityCredential {credential}"]
    assert given["resourceName"] == "kalypso-eu-dev-workflows"
    assert given["federatedIdentityCredentialResourceName"] == "acme-g-itops"
    assert given["subject"] == "repo:acme/g.itops:environment:eu.dev"


def test_the_package_knows_every_input(azure: Identities) -> None:
    fleet()
    wrong = {
        shown: unknown_inputs(azure.types[shown], given)
        for shown, given in azure.inputs.items()
        if azure.types[shown].startswith(("azure-native:managed", "azure-native:authorization"))
    }
    assert len(wrong) == 8
    assert not any(wrong.values())


def test_it_serves_alone_and_says_what_a_job_signs_in_with(azure: Identities) -> None:
    del azure
    seen: list[Any] = []
    args: WorkflowIdentityArgs = {
        "identity_name": "checks",
        "resource_group": "rg",
        "scope": f"/subscriptions/{HOME}/resourceGroups/rg",
        "issuer": ISSUER,
        "subjects": {"gitops": "repo:acme/gitops:environment:dev"},
    }

    @pulumi.runtime.test
    def program() -> pulumi.Output[None]:
        made = WorkflowIdentity("checks", args)
        return pulumi.Output.all(made.urn, made.variables).apply(seen.append)

    program()
    ((_, variables),) = seen
    assert variables == {
        "AZURE_CLIENT_ID": "client-checks",
        "AZURE_TENANT_ID": "the-tenant",
        "AZURE_SUBSCRIPTION_ID": HOME,
    }
