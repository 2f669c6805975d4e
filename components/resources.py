"""The custom resources of Kalypso's provider, as a program declares them.

This is the only place where a resource's inputs are written: the provider's schema and its check
of required inputs are derived from the types and docstrings here.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi


class LocalRepositoryArgs(TypedDict):
    """What `LocalRepository` needs."""

    folder: pulumi.Input[str]
    """Folder of the local forge."""

    name: pulumi.Input[str]
    """Name of the repository."""

    branch: pulumi.Input[str]
    """Branch that a clone checks out."""


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


class RepositoryContentArgs(TypedDict):
    """What `RepositoryContent` needs."""

    folder: pulumi.Input[str]
    """Folder of the local forge; empty for GitHub."""

    github: NotRequired[pulumi.Input[str]]
    """Address of GitHub, or of a GitHub Enterprise Server."""

    repository: pulumi.Input[str]
    """Name of the repository; on GitHub with its owner."""

    content: pulumi.Input[str]
    """Which part of the sample it starts with."""

    prefix: pulumi.Input[str]
    """First part of the repositories' names."""

    url: pulumi.Input[str]
    """Address of the forge, as the files name it."""


class RepositoryContent(pulumi.CustomResource):
    """What a repository starts with; written only if it is empty, and then left alone."""

    def __init__(
        self, name: str, args: RepositoryContentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:RepositoryContent", name, {**args}, opts)


class DestinationArgs(TypedDict):
    """Which repository a `GitOpsBranch` is about."""

    folder: pulumi.Input[str]
    """Folder of the local forge; empty for GitHub."""

    github: NotRequired[pulumi.Input[str]]
    """Address of GitHub, or of a GitHub Enterprise Server."""

    repository: pulumi.Input[str]
    """Name of the GitOps repository; on GitHub with its owner."""


class WordingArgs(TypedDict):
    """How a proposal is worded; another wording alone changes nothing."""

    title: NotRequired[pulumi.Input[str]]
    """Title of the pull request, and first line of its commit."""

    body: NotRequired[pulumi.Input[str]]
    """Text of the pull request, in Markdown."""

    trailers: NotRequired[pulumi.Input[str]]
    """Last lines of the commit's message: what the files were made of."""

    author: NotRequired[pulumi.Input[str]]
    """Who writes the commit, as `Name <address>`."""

    sign: NotRequired[pulumi.Input[bool]]
    """Whether git signs the commit, with the key that its configuration names."""


class GitOpsBranchArgs(DestinationArgs, WordingArgs):
    """What `GitOpsBranch` needs."""

    branch: pulumi.Input[str]
    """Branch of the environment; never written directly."""

    environment: pulumi.Input[str]
    """Environment that is scheduled; its proposals come from `deployment/<environment>`."""

    parent: pulumi.Input[str]
    """Commit of the branch that the files are meant for."""

    tree: pulumi.Input[str]
    """Tree of the whole branch when everything is merged, in the repository's object store."""

    manifests: pulumi.Input[str]
    """Tree of the managed files alone, in the same place; of a shared file, Kalypso's lines."""

    content: pulumi.Input[str]
    """Digest of the managed files: SHA-256 over their paths and texts."""

    totals: pulumi.Input[dict[str, pulumi.Input[int]]]
    """How many files, assignments and cluster types there are."""


class GitOpsBranch(pulumi.CustomResource):
    """The manifests of an environment, kept by at most one open pull request."""

    def __init__(
        self, name: str, args: GitOpsBranchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:GitOpsBranch", name, {**args, "pullRequest": None}, opts)

    @property
    @pulumi.getter(name="pullRequest")
    def pull_request(self) -> pulumi.Output[int | None]:
        """Number of the pull request that is open, if any."""
        number: pulumi.Output[int | None] = pulumi.get(self, "pullRequest")
        return number


class PreviewFilesArgs(TypedDict):
    """What `PreviewFiles` needs."""

    files: pulumi.Input[dict[str, pulumi.Input[str]]]
    """New text of each changed file by its path from the root of the repository."""

    more: NotRequired[pulumi.Input[str]]
    """What else changes, without text."""


class PreviewFiles(pulumi.CustomResource):
    """What a preview shows of changed files. It is in no state: only a dry run declares it.

    The engine prints an old value only of what it has read. So this is imported: the provider
    reads the old texts, and the engine compares them with the new ones.
    """

    def __init__(
        self, name: str, args: PreviewFilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:preview:Files", name, {**args}, opts)


class StackMarkArgs(DestinationArgs):
    """What `StackMark` needs."""

    stack: pulumi.Input[str]
    """Name of the stack."""

    shares: NotRequired[pulumi.Input[bool]]
    """Whether the stack has what others use: then it stays until their marks are gone."""


class StackMark(pulumi.CustomResource):
    """A ref of the GitOps repository which says that a stack is there."""

    def __init__(
        self, name: str, args: StackMarkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:StackMark", name, {**args}, opts)


class SshKeyArgs(TypedDict):
    """What `SshKey` needs."""

    rotation: NotRequired[pulumi.Input[str]]
    """Any text; another one makes another key."""


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
