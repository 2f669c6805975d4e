"""Addresses of the local forge, which are read from its folder: nothing has to be served."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kalypso.errors import KalypsoError, SettingsError
from kalypso.git import is_remote
from kalypso.loading import Location, parse_location

if TYPE_CHECKING:
    from kalypso.forge import Forge


def readable_location(text: str) -> Location:
    """Read ``DIR``, ``REPOSITORY@BRANCH`` or ``REPOSITORY@BRANCH:PATH``; see `readable_address`.

    Raises:
        SourceError: The address is of none of these forms.
    """
    location = parse_location(text)
    return replace(location, repository=readable_address(location.repository))


def readable_address(address: str) -> str:
    """Return the folder of a repository that the local forge has; another address as it is."""
    if not is_remote(address):
        return address
    forge = _forge(Path.cwd())
    place = forge.place(address) if forge else None
    return place.git_address if place and place.exists else address


@cache
def _forge(here: Path) -> Forge | None:
    """Return the local forge of a folder, under the address that its settings name."""
    from kalypso.cli.place import forge_folder

    try:
        found = forge_folder(None)
    except SettingsError:
        return None
    from kalypso.stack import (
        environments_in,
        find_settings,
        settings_folder,
    )

    folder = settings_folder(here)
    if folder is None:
        return found
    try:
        names = environments_in(folder)
        forge = find_settings(folder, names[0], os.environ).settings.forge if names else found
    except KalypsoError:  # whoever needs the settings reports what is wrong with them
        return found
    return forge if forge.here else found
