"""GitHub, and GitHub Enterprise Server."""

from __future__ import annotations

from kalypso.forge.github.place import DEFAULT_URL

__all__ = [
    "DEFAULT_URL",
]
