"""Keys of a ``map[interface {}]interface {}`` that Python would take for one: 1, 1.0 and true.

In a map, a bool or a float is held as a key that equals nothing of another type. Who visits the
keys gets the plain values back.
"""

from __future__ import annotations

from typing import Any

Key = Any
"""A plain value, or what stands for one in a map."""


class BoolKey(int):
    """What stands for a bool among the keys of a map."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is BoolKey and int(self) == int(other)

    def __hash__(self) -> int:
        return hash((bool, int(self)))

    def __repr__(self) -> str:
        return "true" if self else "false"


class FloatKey(float):
    """What stands for a float64 among the keys of a map."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is FloatKey and float(self) == float(other)

    def __hash__(self) -> int:
        return hash((float, float(self)))


def map_key(value: Key) -> Key:
    """Return the key under which a map holds a value."""
    if type(value) is bool:
        return BoolKey(value)
    return FloatKey(value) if type(value) is float else value


def plain_key(key: Key) -> Key:
    """Return the value that a key of a map stands for."""
    if type(key) is BoolKey:
        return bool(int(key))
    return float(key) if type(key) is FloatKey else key
