"""The credentials with which a cluster reads repositories: over HTTPS, or by a key for one of them.

A key opens the platform's repository only, so it has a secret of its own. What reads the
repositories of applications is a token, if there is one.
"""

import base64
from typing import TypedDict

import pulumi


class ReaderArgs(TypedDict):
    """A user that reads repositories, and nothing more."""

    username: pulumi.Input[str]
    """User name; most hosts take any with a token."""

    token: pulumi.Input[str]
    """Token that reads; a secret."""


class KeyArgs(TypedDict):
    """A key for SSH that reads the GitOps repository, and nothing else."""

    address: str
    """Where the repository is read over SSH: `ssh://git@HOST/OWNER/NAME.git`."""

    public_key: pulumi.Input[str]
    """The half that the forge has."""

    private_key: pulumi.Input[str]
    """The half that reads; a secret."""

    host_keys: str
    """By which the forge's host is known: lines of `known_hosts`."""


def basic_auth(reader: ReaderArgs | None) -> dict[str, pulumi.Input[str]]:
    """Return what a Secret says of a reader; nothing for repositories that everybody may read."""
    if reader is None:
        return {}
    return {"username": reader["username"], "password": pulumi.Output.secret(reader["token"])}


def flux_key(key: KeyArgs) -> dict[str, pulumi.Input[str]]:
    """Return what a Secret says of a key to Flux."""
    return {
        "identity": pulumi.Output.secret(key["private_key"]),
        "identity.pub": key["public_key"],
        "known_hosts": key["host_keys"],
    }


def argo_cd_key(key: KeyArgs) -> dict[str, pulumi.Input[str]]:
    """Return what a Secret says of a key to Argo CD, which knows hosts by a list of its own."""
    return {"sshPrivateKey": pulumi.Output.secret(key["private_key"])}


def in_base64(text: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return a secret as Azure takes it."""
    return pulumi.Output.secret(text).apply(encoded)


def encoded(text: str) -> str:
    """Return text that is not secret in the same way."""
    return base64.b64encode(text.encode()).decode()
