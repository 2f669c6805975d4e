"""`azure.*`: where clusters of Azure are made, and of what kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kalypso.stack.keys import Group

Subscription = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F-]*$")]
TagName = Annotated[str, StringConstraints(pattern=r"^[^<>%&\\?/]+$", max_length=512)]
TagText = Annotated[str, StringConstraints(max_length=256)]
Login = Literal["azurecli", "workloadidentity", "spn", "msi"]
"""How `kubelogin` signs in where nobody can type a code."""


class AzureSettings(Group):
    """`azure.*`: what clusters that are made in Azure have in common."""

    subscription: Subscription = Field(
        default="", examples=["11111111-2222-3333-4444-555555555555"]
    )
    """Empty for the one that the Azure CLI or the variables of the environment name."""
    location: str = Field(default="", pattern=r"^([a-z][a-z0-9]+)?$", examples=["westus2"])
    resource_group: str = Field(
        default="",
        alias="resourceGroup",
        pattern=r"^([-\w.()]*[-\w()])?$",
        max_length=90,
        examples=["kalypso-rg"],
    )
    """Empty for `<prefix>-rg`."""
    create_resource_group: bool = Field(
        default=True, alias="createResourceGroup", examples=["false"]
    )
    """False for a resource group that exists, and that stays."""
    vm_size: str = Field(
        default="Standard_B2s",
        alias="vmSize",
        pattern=r"^\w+$",
        examples=["Standard_D2s_v5"],
    )
    nodes: int = Field(default=1, ge=1, le=1000, examples=["3"])
    """Of each cluster that is made."""
    tags: dict[TagName, TagText] = Field(default={}, examples=['{"team": "platform"}'])
    protect: bool = Field(default=False, examples=["true"])
    """Whether what is made in Azure can be destroyed only after it was unprotected."""
    federation: bool = Field(default=False, examples=["true"])
    """Whether workflows on the forge ask Azure without a secret."""
    login: Login = Field(default="azurecli", examples=["workloadidentity"])
