"""The local forge: bare repositories in a folder of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "DEFAULT_FOLDER",
    "ForgeServer",
    "LocalFolder",
    "LocalPlace",
    "is_gitops",
    "start_branch",
]

if TYPE_CHECKING:
    from kalypso.forge.local.folder import DEFAULT_FOLDER, LocalFolder, LocalPlace, is_gitops
    from kalypso.forge.local.server import ForgeServer
    from kalypso.forge.local.starting import start_branch
else:
    __getattr__ = door(
        __name__,
        {
            "folder": ("DEFAULT_FOLDER", "LocalFolder", "LocalPlace", "is_gitops"),
            "server": ("ForgeServer",),
            "starting": ("start_branch",),
        },
    )
