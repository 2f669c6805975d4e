"""Doors of rooms that load what they export when it is asked for.

A command needs a part of most rooms. To load the whole of each would be half of its start.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def door(room: str, exports: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """Return the `__getattr__` of a room: it loads the module that has a name, and keeps the name.

    Args:
        room: The room's package, `__name__` in its door.
        exports: The names that outsiders may import, by the module that has them.
    """
    modules = {name: module for module, names in exports.items() for name in names}

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{room}.{modules[name]}"), name)
        setattr(sys.modules[room], name, value)
        return value

    return load
