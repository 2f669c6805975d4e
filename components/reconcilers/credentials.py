"""The credentials with which a cluster reads repositories over HTTPS."""

from typing import TypedDict

import pulumi


class ReaderArgs(TypedDict):
    """A user that reads repositories, and nothing more."""

    username: pulumi.Input[str]
    """User name; most hosts take any with a token."""

    token: pulumi.Input[str]
    """Token that reads; a secret."""


def basic_auth(reader: ReaderArgs | None) -> dict[str, pulumi.Input[str]]:
    """Return what a Secret says of a reader; nothing for repositories that everybody may read."""
    if reader is None:
        return {}
    return {"username": reader["username"], "password": pulumi.Output.secret(reader["token"])}
