"""Where commands find the repository that they are about: by address, or on the local forge."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from kalypso.errors import Position, SettingsError
from kalypso.forge import Place, place_named
from kalypso.forge.local import DEFAULT_FOLDER, LocalFolder, LocalPlace, is_gitops
from kalypso.git import expanded
from kalypso.loading import is_folder

forge_option = click.option(
    "--forge", type=click.Path(path_type=Path), help="Folder of the local forge."
)
"""The option of every command that finds a repository, the same for all of them."""


def find_place(folder: Path | None, given: str, likely: Callable[[str], bool]) -> Place:
    """Return the repository that a command is about.

    Args:
        folder: Of the local forge, as the command's option names it.
        given: An address, `OWNER/NAME`, or a name on the local forge; empty for the only
            one there that is likely.
        likely: Whether a repository of this name may be meant if none is given.

    Raises:
        SettingsError: There is no such repository, or more than one.
        SourceError: The address is not one that git may be given.
    """
    place = place_named(given, os.environ)
    return place or _on_local_forge(forge_folder(folder), given, likely)


def find_gitops(folder: Path | None, given: str) -> Place:
    """Return the GitOps repository that a command is about, with the arguments of `find_place`.

    Raises:
        SettingsError: There is no such repository, or more than one.
        SourceError: The address is not one that git may be given.
    """
    return find_place(folder, given, is_gitops)


def place_at(folder: Path | None, address: str) -> Place:
    """Return the repository at an address, as files of a platform or an application name it.

    Args:
        folder: Of the local forge, as the command's option names it.
        address: Where the repository is; the local forge is asked first if there is one.

    Raises:
        SettingsError: No forge has such an address.
        SourceError: The address is not one that git may be given.
    """
    local: LocalFolder | None = None
    try:
        local = forge_folder(folder)
    except SettingsError:
        if folder is not None:
            raise
    place: Place | None = local.place(address) if local else None
    if place is None:
        place = place_named(address, os.environ)
    if place is None or not place.exists:
        names = f": it has {', '.join(local.names())}" if local else ""
        raise SettingsError(
            f"there is no repository {address}",
            Position(address),
            f"the local forge does not have it{names}"
            if local
            else "name a repository on GitHub,"
            " or the folder of a local forge with --forge or KALYPSO_FORGE",
            code="no-repository",
        )
    return place


def forge_folder(given: Path | None) -> LocalFolder:
    """Return the forge that a command works on.

    Args:
        given: The option, which wins over `KALYPSO_FORGE` and over `.kalypso/forge` in this
            folder or one above it.

    Raises:
        SettingsError: There is no forge in any of these places.
    """
    folders = _candidates(given)
    for folder in folders:
        if is_folder(str(folder)):
            return LocalFolder(folder)
    raise SettingsError(
        f"there is no forge in {folders[0]}",
        hint="`make up` makes it; from elsewhere, name its folder with --forge or KALYPSO_FORGE, or"
        " a repository on GitHub with --repository OWNER/NAME",
        code="no-forge",
    )


def forge_to_be(given: Path | None) -> LocalFolder:
    """Return the forge that a command works on; where it would be if there is none yet."""
    folders = _candidates(given)
    return LocalFolder(next((each for each in folders if is_folder(str(each))), folders[0]))


def _candidates(given: Path | None) -> list[Path]:
    """Return where a forge may be, the nearest first."""
    named = given or (Path(os.environ["KALYPSO_FORGE"]) if "KALYPSO_FORGE" in os.environ else None)
    if named is not None:
        return [expanded(named)]
    here = Path.cwd()
    return [above / DEFAULT_FOLDER for above in (here, *here.parents)]


def gitops_repository(forge: LocalFolder, given: str) -> Path:
    """Return the GitOps repository of the local forge.

    Args:
        forge: Where it is.
        given: Its name; empty for the only one that is likely.

    Raises:
        SettingsError: There is no such repository, or more than one.
    """
    return _on_local_forge(forge, given, is_gitops).path


def _on_local_forge(forge: LocalFolder, given: str, likely: Callable[[str], bool]) -> LocalPlace:
    names = forge.names()
    chosen = [given] if given else [name for name in names if likely(name)]
    if len(chosen) != 1 or chosen[0] not in names:
        raise SettingsError(
            f"there is no repository {given}" if given else "it is not clear which repository",
            hint=f"name one with --repository: {', '.join(names) or 'the forge has none'}",
            code="no-repository",
        )
    return LocalPlace(forge, chosen[0])
