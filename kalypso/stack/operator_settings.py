"""`controlPlane.*`: the Pulumi Kubernetes Operator runs this program, with a pod for each stack."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kalypso.stack.keys import Group
from kalypso.stack.setting_groups import Address, Name, Unique

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
ObjectName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]


class OperatorSettings(Group):
    """`controlPlane.*`: which cluster runs the program, and from where."""

    cluster: Name | Literal[""] = Field(default="", examples=["control-plane"])
    """Empty if no cluster runs the program."""
    repository: Address = Field(default="", examples=["https://github.com/acme/platform"])
    """With the program and the files of its stacks."""
    branch: str = Field(default="main", pattern=r"^[^\s~^:?*\[\\]+$", examples=["main"])
    folder: str = Field(default="", pattern=r"^([^/\s][^\s]*)?$", examples=["platform"])
    """Of the repository; empty for its root."""
    git_key: str = Field(
        default="", alias="gitKey", pattern=r"^[-._A-Za-z0-9]*$", examples=["GITHUB_TOKEN"]
    )
    """Key of the secret whose token reads the repository; empty if everybody may."""
    backend: str = Field(
        default="",
        pattern=r"^([a-z0-9]+://\S+)?$",
        examples=["azblob://state?storage_account=acme"],
    )
    """Where the state of all stacks is."""
    secrets_provider: str = Field(
        default="",
        alias="secretsProvider",
        pattern=r"^([a-z]+://\S+)?$",
        examples=["azurekeyvault://acme.vault.azure.net/keys/pulumi"],
    )
    """Empty for a passphrase."""
    secret: ObjectName = Field(default="kalypso-variables", examples=["kalypso-variables"])
    """In the namespace, with variables of the runs; people make it."""
    variables: Annotated[list[Variable], Unique] = Field(
        default=["PULUMI_CONFIG_PASSPHRASE", "GITHUB_TOKEN"], examples=['["GITHUB_TOKEN"]']
    )
    """Keys of the secret that each run gets as variables."""
    kubeconfig: ObjectName | Literal[""] = Field(default="", examples=["kalypso-kubeconfig"])
    """A secret whose key `config` is the kubeconfig of the runs; empty if they need none."""
    image: str = Field(
        default="pulumi/pulumi:3.250.0-nonroot",
        pattern=r"^\S+$",
        examples=["ghcr.io/acme/kalypso:1.0"],
    )
    namespace: ObjectName = Field(default="kalypso", examples=["kalypso"])
    seconds: int = Field(default=60, ge=60, examples=["300"])
    """Between two runs of a stack; the operator allows no less."""
    install: Literal["manifests", "none"] = Field(default="manifests", examples=["none"])
    """`none` if the operator is there."""
