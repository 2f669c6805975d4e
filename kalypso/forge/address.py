"""Which forge serves it: a stack's settings, the inputs of a resource, an address.

A new kind of forge is a folder beside `local` and `github`, and one line in the table here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kalypso.errors import DeliveryError, Position
from kalypso.forge.forge import Forge, Kind, Place, Values
from kalypso.forge.github.kind import GitHubKind
from kalypso.forge.local.kind import LocalKind

FORGES: Final[dict[str, Kind]] = {
    "local": LocalKind(),
    "github": GitHubKind(),
}
"""Every kind, by what the setting `forge` calls it.

The first one that knows an address has it. GitHub Enterprise Server may have any host, so
GitHub is last.
"""


def forge_of(values: Values) -> Forge:
    """Return the forge of a stack, whose settings name its kind.

    Raises:
        KeyError: The settings name a forge that does not exist.
    """
    return FORGES[values["forge"]].configured(values)


def place_identified(identity: Mapping[str, object], values: Values) -> Place:
    """Return the repository that the inputs of a resource name.

    Args:
        identity: Inputs of the resource; see `Place.identity`.
        values: Settings of the stack.

    Raises:
        DeliveryError: The inputs do not name a repository.
    """
    for kind in FORGES.values():
        if place := kind.identified(identity, values):
            return place
    name = str(identity.get("repository") or "")
    raise DeliveryError(
        f"nothing says which forge has the repository {name!r}",
        Position(name),
        "give the resource a folder, or the address of GitHub",
        code="bad-repository",
    )


def place_named(given: str, environ: Mapping[str, str]) -> Place | None:
    """Return which repository of another machine a command's option names.

    Args:
        given: The option: an address, or `OWNER/NAME` on GitHub.
        environ: Environment variables.

    Returns:
        None for a plain name, which is one of the local forge.

    Raises:
        SettingsError: The text is an address, but not of a repository.
        SourceError: The text is an address that git may not be given.
    """
    for kind in FORGES.values():
        if place := kind.named(given, environ):
            return place
    return None
