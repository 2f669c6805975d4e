"""Go's types on Python's: which Python value stands for which Go value.

| Go                            | Python                              |
| ----------------------------- | ----------------------------------- |
| nil                           | ``None``                            |
| no value (missing map key)    | :data:`MISSING`                     |
| bool                          | ``bool``                            |
| int                           | ``int``                             |
| int64, int32, uint64, uint8 … | :class:`Int64`, :class:`Int32`, …   |
| float64                       | ``float``                           |
| string                        | ``str`` (bytes that are no UTF-8: surrogateescape) |
| []interface {}                | ``list``                            |
| []string, []int               | :class:`StringList`, :class:`IntList` |
| map[string]interface {}       | ``dict``                            |
| map[string]string             | :class:`StringMap`                  |
| map[interface {}]interface {} | :class:`AnyMap` (what yaml.v2 makes of a mapping) |
| a struct                      | :class:`Struct`                     |
"""

from __future__ import annotations

from typing import Any, Final


class Int64(int):
    """An int64: what Sprig's arithmetic yields."""

    __slots__ = ()


class Int32(int):
    """An int32, also known as rune."""

    __slots__ = ()


class Uint64(int):
    """An uint64: a YAML integer above the largest int64."""

    __slots__ = ()


class Uint8(int):
    """An uint8, also known as byte: what indexing a string yields."""

    __slots__ = ()


class StringList(list[str]):
    """A []string."""

    __slots__ = ()


class IntList(list[int]):
    """An []int."""

    __slots__ = ()


class StringMap(dict[str, str]):
    """A map[string]string."""

    __slots__ = ()


class AnyMap(dict[Any, Any]):
    """A map[interface {}]interface {}."""

    __slots__ = ()


class Struct:
    """A struct: its fields are known, any other is an error even when missing keys are not."""

    __slots__ = ("fields", "type_name")

    def __init__(self, fields: dict[str, Any], type_name: str) -> None:
        self.fields = fields
        """Value by exported field name, in declaration order."""
        self.type_name = type_name
        """As ``%T`` and error messages print it, for example ``scheduler.dataType``."""


class Missing:
    """The type of :data:`MISSING`, Go's zero ``reflect.Value``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
"""What looking up an absent map key yields; prints ``<no value>``."""
