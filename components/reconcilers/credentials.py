"""The credentials with which a cluster reads repositories: a token, a key for one, a GitHub App.

A key opens the platform's repository only, so it has a secret of its own. So has an App, since Flux
takes its secret only for a GitRepository that says so, which the templates of applications do not.
What reads the repositories of applications is a token, if there is one.
"""

import base64
from typing import NotRequired, TypedDict

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


class AppArgs(TypedDict):
    """A GitHub App that reads repositories, with tokens of an hour that it asks for itself."""

    id: pulumi.Input[str]
    """Its number."""

    installation: pulumi.Input[str]
    """Number of its installation for the owner of the GitOps repository."""

    private_key: pulumi.Input[str]
    """Text of its PEM file; a secret."""

    interface: NotRequired[str]
    """Address of the REST interface of an Enterprise Server; absent for github.com."""


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


def github_app(app: AppArgs, base_url: str) -> dict[str, pulumi.Input[str]]:
    """Return what a Secret says of a GitHub App; Flux and Argo CD have the same words but one.

    Args:
        app: The App.
        base_url: What the reconciler calls the address of an Enterprise Server.
    """
    given: dict[str, pulumi.Input[str]] = {
        "githubAppID": app["id"],
        "githubAppInstallationID": app["installation"],
        "githubAppPrivateKey": pulumi.Output.secret(app["private_key"]),
    }
    return {**given, base_url: app["interface"]} if "interface" in app else given


def in_base64(text: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return a secret as Azure takes it."""
    return pulumi.Output.secret(text).apply(encoded)


def encoded(text: str) -> str:
    """Return text that is not secret in the same way."""
    return base64.b64encode(text.encode()).decode()
