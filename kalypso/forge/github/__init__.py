"""GitHub, and GitHub Enterprise Server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "DEFAULT_URL",
]

if TYPE_CHECKING:
    from kalypso.forge.github.place import DEFAULT_URL
else:
    __getattr__ = door(
        __name__,
        {
            "place": ("DEFAULT_URL",),
        },
    )
