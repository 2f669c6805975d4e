"""What clusters of Azure have in common: the providers, and the resource group of those made there.

Owns the resource group if it makes one. A cluster that is adopted may be in another subscription;
that has a provider of its own, so that a change of the stack's subscription touches no such
cluster.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi

if TYPE_CHECKING:
    import pulumi_azure_native


class AzureHomeArgs(TypedDict):
    """What `AzureHome` needs."""

    resource_group: str
    """Name of the resource group in which clusters are made."""

    subscription: NotRequired[str]
    """Id of the subscription; that of the environment or of the Azure CLI if absent."""

    location: NotRequired[str]
    """Region in which clusters are made."""

    makes_group: NotRequired[bool]
    """Whether the resource group is made; it exists by default."""

    tags: NotRequired[Mapping[str, str]]
    """Tags of what is made."""

    protect: NotRequired[bool]
    """Whether the resource group can be deleted only after it was unprotected."""


class AzureHome(pulumi.ComponentResource):
    """Providers of Azure, and a resource group."""

    resource_group: str
    """Name of the resource group."""

    made: pulumi.CustomResource | None
    """The resource group, if it is made."""

    def __init__(
        self, name: str, args: AzureHomeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:AzureHome", name, {}, opts)
        self._args = args
        self._providers: dict[str, pulumi.ProviderResource] = {}
        self.resource_group = args["resource_group"]
        self.made = self._group(name) if args.get("makes_group") else None
        self.register_outputs({})

    def provider(self, subscription: str = "") -> pulumi.ProviderResource:
        """Return the provider of a subscription.

        Args:
            subscription: That of an adopted cluster; empty for clusters that are made.
        """
        if subscription not in self._providers:
            self._providers[subscription] = self._signed_in(subscription)
        return self._providers[subscription]

    def _signed_in(self, subscription: str) -> "pulumi_azure_native.Provider":
        import pulumi_azure_native

        return pulumi_azure_native.Provider(
            f"azure-{subscription}" if subscription else "azure",
            subscription_id=subscription or self._args.get("subscription"),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _group(self, name: str) -> pulumi.CustomResource:
        from pulumi_azure_native.resources import ResourceGroup

        made: pulumi.CustomResource = ResourceGroup(
            f"{name}-group",
            resource_group_name=self.resource_group,
            location=self._args.get("location"),
            tags=self._args.get("tags"),
            opts=pulumi.ResourceOptions(
                parent=self, provider=self.provider(), protect=self._args.get("protect", False)
            ),
        )
        return made
