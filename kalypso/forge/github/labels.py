"""The labels that are ours on GitHub: all others are people's, and never touched."""

from __future__ import annotations

from http import HTTPStatus

from kalypso.delivery.proposal import PROMOTED
from kalypso.forge.github.client import GitHubClient

FAILING = "kalypso"
"""On issues about assignments that fail, so that people can filter them; nothing depends on it."""
OURS = {
    PROMOTED: ("0e8a16", "Brings another commit of the control plane"),
    FAILING: ("b60205", "An assignment that cannot be delivered"),
}
"""Colour and description of each."""


def make_label(client: GitHubClient, label: str) -> None:
    """Make a label if the repository lacks it.

    Raises:
        SourceError: The labels cannot be read.
        DeliveryError: It cannot be made.
    """
    known = client.done(
        lambda rest, owner, name: rest.issues.get_label(owner, name, label),
        unless=HTTPStatus.NOT_FOUND,
    )
    if not known:
        color, description = OURS.get(label, ("ededed", ""))
        client.done(
            lambda rest, owner, name: rest.issues.create_label(
                owner, name, name=label, color=color, description=description
            ),
            unless=HTTPStatus.UNPROCESSABLE_ENTITY,  # another run has just made it
        )
