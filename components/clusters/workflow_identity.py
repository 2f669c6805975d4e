"""An identity of Azure for the workflows of one environment, which sign in without a secret.

Azure believes the tokens that the forge signs for jobs of that environment. Owns the identity, what
it is believed by, and its role: Reader on one scope. Leaves alone what other roles it is given.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi

_AUDIENCE = "api://AzureADTokenExchange"
_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
"""The role Reader, whose id is the same in every subscription."""


class WorkflowIdentityArgs(TypedDict):
    """What `WorkflowIdentity` needs. The provider is that of a subscription of Azure."""

    identity_name: str
    """Name of the identity in Azure."""

    resource_group: str
    """Name of the resource group that has it."""

    scope: pulumi.Input[str]
    """Id of what the workflows may read, for example of a resource group."""

    issuer: str
    """Address of who signs the tokens."""

    subjects: Mapping[str, str]
    """Whom a token may name, by a name for each, for example
    `repo:acme/kalypso-gitops:environment:dev`."""

    location: NotRequired[str]
    """Region; that of the resource group if absent."""

    tags: NotRequired[Mapping[str, str]]
    """Tags of the identity."""


class WorkflowIdentity(pulumi.ComponentResource):
    """A user-assigned identity with a federated credential for each subject, and a role."""

    variables: dict[str, pulumi.Output[str]]
    """What a job needs to know to sign in, by the usual names of variables; nothing is secret."""

    def __init__(
        self, name: str, args: WorkflowIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:WorkflowIdentity", name, {}, opts)
        from pulumi_azure_native.managedidentity import UserAssignedIdentity

        self._name, self._args = name, args
        identity = UserAssignedIdentity(
            name,
            resource_group_name=args["resource_group"],
            resource_name_=args["identity_name"],
            location=args.get("location"),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._believe(identity)
        self._let_read(identity.principal_id)
        self.variables = {
            "AZURE_CLIENT_ID": identity.client_id,
            "AZURE_TENANT_ID": identity.tenant_id,
            "AZURE_SUBSCRIPTION_ID": pulumi.Output.from_input(args["scope"]).apply(_subscription),
        }
        self.register_outputs({"variables": self.variables})

    def _believe(self, identity: pulumi.Resource) -> None:
        """Declare whom Azure believes, one after the other: it takes no two at once."""
        from pulumi_azure_native.managedidentity import FederatedIdentityCredential

        before = identity
        for subject_name, subject in sorted(self._args["subjects"].items()):
            before = FederatedIdentityCredential(
                f"{self._name}-{subject_name}",
                resource_group_name=self._args["resource_group"],
                resource_name_=self._args["identity_name"],
                federated_identity_credential_resource_name=subject_name,
                issuer=self._args["issuer"],
                subject=subject,
                audiences=[_AUDIENCE],
                opts=pulumi.ResourceOptions(parent=self, depends_on=[before]),
            )

    def _let_read(self, principal: pulumi.Output[str]) -> None:
        from pulumi_azure_native.authorization import RoleAssignment

        scope = pulumi.Output.from_input(self._args["scope"])
        RoleAssignment(
            f"{self._name}-reads",
            scope=scope,
            role_definition_id=scope.apply(_reader_in),
            principal_id=principal,
            # Without it, Azure looks for an identity that it may not have heard of yet.
            principal_type="ServicePrincipal",
            opts=pulumi.ResourceOptions(parent=self),
        )


def _subscription(scope: str) -> str:
    return scope.split("/")[2]


def _reader_in(scope: str) -> str:
    definitions = "providers/Microsoft.Authorization/roleDefinitions"
    return f"/subscriptions/{_subscription(scope)}/{definitions}/{_READER}"
