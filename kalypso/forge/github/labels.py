"""Makes a label of a repository on GitHub, if it lacks it."""

from __future__ import annotations

from http import HTTPStatus

from kalypso.forge.github.client import GitHubClient
from kalypso.forge.labels import OWNED, Label

_PLAIN = Label("ededed", "")


def make_label(client: GitHubClient, label: str) -> None:
    """Make a label if the repository lacks it.

    Raises:
        SourceError: The labels cannot be read.
        DeliveryError: The label cannot be made.
    """
    known = client.done(
        lambda rest, owner, name: rest.issues.get_label(owner, name, label),
        unless=HTTPStatus.NOT_FOUND,
    )
    if not known:
        color, description = OWNED.get(label, _PLAIN)
        client.done(
            lambda rest, owner, name: rest.issues.create_label(
                owner, name, name=label, color=color, description=description
            ),
            unless=HTTPStatus.UNPROCESSABLE_ENTITY,  # another run has just made it
        )
