"""Where commands find the repository that they are about: on GitHub, or on the embedded forge."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from kalypso.errors import Position, SettingsError
from kalypso.forge.github.place import DEFAULT_URL, GitHub, GitHubPlace
from kalypso.forge.local.folder import DEFAULT_FOLDER, LocalFolder
from kalypso.git.address import check_repository, is_remote, mask

_OWNER_AND_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")


def github_repository(given: str) -> GitHubPlace | None:
    """Return which repository on GitHub an option names; None for a name on the embedded forge.

    Args:
        given: `OWNER/NAME` on github.com, or on the server that `GITHUB_SERVER_URL` names as
            in a workflow; else an address on any server: what a browser shows, or git clones.

    Raises:
        SettingsError: The address has no owner and name.
        SourceError: It is none that git may be given.
    """
    if _OWNER_AND_NAME.fullmatch(given):
        server = os.environ.get("GITHUB_SERVER_URL") or DEFAULT_URL
        given = f"{server.rstrip('/')}/{given}"
    elif not is_remote(given):
        return None
    check_repository(given)
    parts = urlsplit(given)
    host = parts.netloc.rpartition("@")[2] or given.rpartition("@")[2].partition(":")[0]
    scheme = "http" if parts.scheme == "http" else "https"
    place = GitHub(f"{scheme}://{host}").repository(given)
    if place is None:
        raise SettingsError(
            f"{mask(given)} is no repository on GitHub",
            Position("--repository"),
            "for example https://github.com/acme/kalypso-gitops; one of the embedded forge has"
            " a name without a slash",
            code="bad-repository",
        )
    return place


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
        hint="`make up` makes it; from elsewhere, name its folder with --forge or KALYPSO_FORGE, or"
        " a repository on GitHub with --repository OWNER/NAME",
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
