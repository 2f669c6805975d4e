"""What the custom resources of Kalypso's provider take, as a program gives it.

This is the only place where a resource's inputs are written: the provider's schema and its check
of required inputs are derived from the types and docstrings here. The SDK is not loaded for it:
that takes longer than all else that the provider does at its start.
"""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, NotRequired, TypedDict, TypeVar, Union

if TYPE_CHECKING:
    import pulumi

T = TypeVar("T")
Input = Union[T, Awaitable[T], "pulumi.Output[T]"]
"""As `pulumi.Input`."""


class LocalRepositoryArgs(TypedDict):
    """What `LocalRepository` needs."""

    folder: Input[str]
    """Folder of the local forge."""

    name: Input[str]
    """Name of the repository."""

    branch: Input[str]
    """Branch that a clone checks out."""


class RepositoryContentArgs(TypedDict):
    """What `RepositoryContent` needs."""

    folder: Input[str]
    """Folder of the local forge; empty for GitHub."""

    github: NotRequired[Input[str]]
    """Address of GitHub, or of a GitHub Enterprise Server."""

    repository: Input[str]
    """Name of the repository; on GitHub with its owner."""

    content: Input[str]
    """Which part of the sample it starts with."""

    prefix: Input[str]
    """First part of the repositories' names."""

    url: Input[str]
    """Address of the forge, as the files name it."""


class DestinationArgs(TypedDict):
    """Which repository a `GitOpsBranch` is about."""

    folder: Input[str]
    """Folder of the local forge; empty for GitHub."""

    github: NotRequired[Input[str]]
    """Address of GitHub, or of a GitHub Enterprise Server."""

    repository: Input[str]
    """Name of the GitOps repository; on GitHub with its owner."""


class WordingArgs(TypedDict):
    """How a proposal is worded; another wording alone changes nothing."""

    title: NotRequired[Input[str]]
    """Title of the pull request, and first line of its commit."""

    body: NotRequired[Input[str]]
    """Text of the pull request, in Markdown."""

    trailers: NotRequired[Input[str]]
    """Last lines of the commit's message: what the files were made of."""

    author: NotRequired[Input[str]]
    """Who writes the commit, as `Name <address>`."""

    sign: NotRequired[Input[bool]]
    """Whether git signs the commit, with the key that its configuration names."""


class GitOpsBranchArgs(DestinationArgs, WordingArgs):
    """What `GitOpsBranch` needs."""

    branch: Input[str]
    """Branch of the environment; never written directly."""

    environment: Input[str]
    """Environment that is scheduled; its proposals come from `deployment/<environment>`."""

    parent: Input[str]
    """Commit of the branch that the files are meant for."""

    tree: Input[str]
    """Tree of the whole branch when everything is merged, in the repository's object store."""

    manifests: Input[str]
    """Tree of the managed files alone, in the same place; of a shared file, Kalypso's lines."""

    content: Input[str]
    """Digest of the managed files: SHA-256 over their paths and texts."""

    totals: Input[dict[str, Input[int]]]
    """How many files, assignments and cluster types there are."""


class PreviewFilesArgs(TypedDict):
    """What `PreviewFiles` needs."""

    files: Input[dict[str, Input[str]]]
    """New text of each changed file by its path from the root of the repository."""

    more: NotRequired[Input[str]]
    """What else changes, without text."""


class StackMarkArgs(DestinationArgs):
    """What `StackMark` needs."""

    stack: Input[str]
    """Name of the stack."""

    shares: NotRequired[Input[bool]]
    """Whether the stack has what others use: then it stays until their marks are gone."""


class SshKeyArgs(TypedDict):
    """What `SshKey` needs."""

    rotation: NotRequired[Input[str]]
    """Any text; another one makes another key."""
