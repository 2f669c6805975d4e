"""What checks ask: this machine, accounts and clusters, behind one interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Unanswered(Exception):
    """A question got no answer; the message says why, in one line."""


class Surroundings(Protocol):
    """Everything that is outside the settings."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables of the process."""
        ...

    def version(self, program: str) -> str | None:
        """Return what a program says of its version; None if it is not installed."""
        ...

    def has_package(self, module: str) -> bool:
        """Return whether a Python package can be imported."""
        ...

    def folder_is_writable(self, path: str) -> bool:
        """Return whether a folder can be written, or made."""
        ...

    def context(self, name: str) -> str:
        """Return the version of the cluster behind a context of a kubeconfig.

        Raises:
            Unanswered: The context cannot be used, or the cluster does not answer.
        """
        ...

    def azure(self, path: str, version: str, query: str = "") -> dict[str, Any] | None:
        """Return what Azure's management API answers; None if there is no such thing.

        Args:
            path: Below its address.
            version: Of the interface.
            query: More of it, already encoded.

        Raises:
            Unanswered: Nobody is signed in, or Azure refuses or does not answer.
        """
        ...

    def may_administer(self, address: str, token: str) -> bool | None:
        """Return whether a token may read what administrators set; None for no such repository.

        Nobody can be asked whether it may also write that.

        Args:
            address: Of the repository in the forge's interface.
            token: The token.

        Raises:
            Unanswered: The forge does not answer.
        """
        ...

    def token_scopes(self, address: str, token: str) -> frozenset[str] | None:
        """Return what a forge says that a token may do; None if it does not say.

        Raises:
            Unanswered: The forge refuses the token, or does not answer.
        """
        ...
