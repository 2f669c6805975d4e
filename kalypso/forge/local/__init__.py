"""The local forge: bare repositories in a folder of this machine."""

from __future__ import annotations

from kalypso.forge.local.folder import DEFAULT_FOLDER, LocalFolder, LocalPlace
from kalypso.forge.local.server import ForgeServer

__all__ = [
    "DEFAULT_FOLDER",
    "ForgeServer",
    "LocalFolder",
    "LocalPlace",
]
