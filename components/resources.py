"""The custom resources of Kalypso's provider, as a program declares them."""

from collections.abc import Mapping

import pulumi

from .resource_arguments import (
    GitOpsBranchArgs,
    LocalRepositoryArgs,
    PreviewFilesArgs,
    RepositoryContentArgs,
    SshKeyArgs,
    StackMarkArgs,
)


class LocalRepository(pulumi.CustomResource):
    """A bare repository of the local forge; destroying it removes it."""

    def __init__(
        self, name: str, args: LocalRepositoryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:LocalRepository", name, {**args, "path": None}, opts)

    @property
    @pulumi.getter
    def path(self) -> pulumi.Output[str]:
        """Where the repository is: what to clone."""
        path: pulumi.Output[str] = pulumi.get(self, "path")
        return path


class RepositoryContent(pulumi.CustomResource):
    """What a repository starts with; written only if it is empty, and then left alone."""

    def __init__(
        self, name: str, args: RepositoryContentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:RepositoryContent", name, {**args}, opts)


class GitOpsBranch(pulumi.CustomResource):
    """The manifests of an environment, kept by at most one open pull request."""

    def __init__(
        self, name: str, args: GitOpsBranchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:GitOpsBranch", name, {**args, "pullRequest": None}, opts)

    @property
    @pulumi.getter(name="pullRequest")
    def pull_request(self) -> pulumi.Output[int | None]:
        """Number of the pull request that the last delivery left open, if any."""
        number: pulumi.Output[int | None] = pulumi.get(self, "pullRequest")
        return number


class PreviewFiles(pulumi.CustomResource):
    """What a preview shows of changed files. It is in no state: only a dry run declares it.

    The engine prints an old value only of what it has read. So this is imported: the provider
    reads the old texts, and the engine compares them with the new ones.
    """

    def __init__(
        self, name: str, args: PreviewFilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:preview:Files", name, {**args}, opts)


class StackMark(pulumi.CustomResource):
    """A ref of the GitOps repository which says that a stack is there."""

    def __init__(
        self, name: str, args: StackMarkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:StackMark", name, {**args}, opts)


class SshKey(pulumi.CustomResource):
    """A key for SSH; its private half is a secret, which the state keeps encrypted."""

    secrets = ("privateKey",)

    def __init__(
        self, name: str, args: SshKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        secret = pulumi.ResourceOptions(additional_secret_outputs=list(self.secrets))
        super().__init__(
            "kalypso:index:SshKey",
            name,
            {**args, "publicKey": None, "privateKey": None},
            pulumi.ResourceOptions.merge(opts, secret),
        )

    @property
    @pulumi.getter(name="publicKey")
    def public_key(self) -> pulumi.Output[str]:
        """The half that a forge is given, in OpenSSH's format."""
        key: pulumi.Output[str] = pulumi.get(self, "publicKey")
        return key

    @property
    @pulumi.getter(name="privateKey")
    def private_key(self) -> pulumi.Output[str]:
        """The half that signs in, in OpenSSH's format; a secret."""
        key: pulumi.Output[str] = pulumi.get(self, "privateKey")
        return key


RESOURCES: Mapping[str, type[pulumi.CustomResource]] = {
    f"kalypso:index:{kind.__name__}": kind
    for kind in (GitOpsBranch, LocalRepository, RepositoryContent, SshKey, StackMark)
}
"""Every resource of the provider that a program may declare, by its type token."""
