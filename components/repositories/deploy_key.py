"""A key that reads one repository on GitHub, for one cluster.

Owns the key, and its public half on GitHub. A new key is known to GitHub before anybody is given
it, and the old one goes last, so that a rotation interrupts nobody.
"""

from typing import NotRequired, TypedDict

import pulumi

from ..resources import SshKey, SshKeyArgs


class DeployKeyArgs(TypedDict):
    """What `DeployKey` needs. The provider is that of the repository's owner."""

    repository: str
    """Name of the repository, without its owner."""

    title: str
    """What GitHub shows as the key's name."""

    rotation: NotRequired[str]
    """Any text; another one makes another key."""


class DeployKey(pulumi.ComponentResource):
    """A key for SSH that may read one repository, and do nothing else."""

    public_key: pulumi.Output[str]
    """The half that GitHub has."""

    private_key: pulumi.Output[str]
    """The half that reads, as soon as GitHub has the other one; a secret."""

    def __init__(
        self, name: str, args: DeployKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:DeployKey", name, {}, opts)
        import pulumi_github

        inside = pulumi.ResourceOptions(parent=self)
        given: SshKeyArgs = {"rotation": args["rotation"]} if "rotation" in args else {}
        pair = SshKey(name, given, inside)
        known = pulumi_github.RepositoryDeployKey(
            name,
            repository=args["repository"],
            title=args["title"],
            key=pair.public_key,
            read_only=True,
            opts=inside,
        )
        self.public_key = pair.public_key
        self.private_key = pulumi.Output.all(pair.private_key, known.id).apply(_first)
        self.register_outputs({})


def _first(values: list[str]) -> str:
    return values[0]
