"""The local forge: bare repositories in a folder of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "DEFAULT_FOLDER",
    "ForgeServer",
    "LocalFolder",
    "LocalPlace",
    "start_branch",
]

if TYPE_CHECKING:
    from kalypso.forge.local.folder import DEFAULT_FOLDER, LocalFolder, LocalPlace
    from kalypso.forge.local.server import ForgeServer
    from kalypso.forge.local.starting import start_branch
else:
    __getattr__ = door(
        __name__,
        {
            "folder": ("DEFAULT_FOLDER", "LocalFolder", "LocalPlace"),
            "server": ("ForgeServer",),
            "starting": ("start_branch",),
        },
    )
