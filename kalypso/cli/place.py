"""Where commands find the embedded forge: an option, a variable, or the folders above."""

from __future__ import annotations

import os
from pathlib import Path

from kalypso.delivery.local_folder import DEFAULT_FOLDER, LocalFolder
from kalypso.errors import SettingsError


def forge_folder(given: Path | None) -> LocalFolder:
    """Return the forge that a command works on.

    Args:
        given: The option, which wins over `KALYPSO_FORGE` and over `.kalypso/forge` in this
            folder or one above it.

    Raises:
        SettingsError: There is none.
    """
    named = given or (Path(os.environ["KALYPSO_FORGE"]) if "KALYPSO_FORGE" in os.environ else None)
    if named is not None:
        folders = [named.expanduser()]
    else:
        here = Path.cwd()
        folders = [above / DEFAULT_FOLDER for above in (here, *here.parents)]
    for folder in folders:
        if folder.is_dir():
            return LocalFolder(folder)
    raise SettingsError(
        f"there is no forge in {folders[0]}",
        hint="`make up` makes it; from elsewhere, name its folder with --forge or KALYPSO_FORGE",
        code="no-forge",
    )


def gitops_repository(forge: LocalFolder, given: str) -> Path:
    """Return the repository whose pull requests a command is about.

    Args:
        forge: Where it is.
        given: Its name; empty for the only one whose name ends in `-gitops` and that is not
            an application's or the services' own.

    Raises:
        SettingsError: There is no such repository, or more than one.
    """
    names = forge.names()
    likely = [
        n for n in names if n.endswith("-gitops") and not n.endswith(("-app-gitops", "-svc-gitops"))
    ]
    chosen = [given] if given else likely
    if len(chosen) != 1 or chosen[0] not in names:
        raise SettingsError(
            f"there is no repository {given}" if given else "it is not clear which repository",
            hint=f"name one with --repository: {', '.join(names) or 'the forge has none'}",
            code="no-repository",
        )
    return forge.path(chosen[0])
