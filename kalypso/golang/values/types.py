"""Go's types on Python's: which Python value stands for which Go value.

| Go                            | Python                              |
| ----------------------------- | ----------------------------------- |
| nil                           | ``None``                            |
| no value (missing map key)    | :data:`MISSING`                     |
| bool                          | ``bool``                            |
| int                           | ``int``                             |
| int64, int32, uint64, uint8 … | :class:`Int64`, :class:`Int32`, …   |
| float64                       | ``float``                           |
| string                        | ``str`` (other bytes than UTF-8: surrogateescape) |
| []interface {}                | ``list``                            |
| []string, []int               | :class:`StringList`, :class:`IntList` |
| map[string]interface {}       | ``dict``                            |
| map[string]string             | :class:`StringMap`                  |
| map[interface {}]interface {} | :class:`AnyMap` (what yaml.v2 makes of a mapping) |
| [][]interface {}              | :class:`ListList`                   |
| a nil map or slice            | :class:`NilMap`, :class:`NilStringMap`, :class:`NilList` |
| a struct                      | :class:`Struct`                     |
| a value with methods          | a :class:`~kalypso.golang.values.objects.GoObject` |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NoReturn, TypeAlias

from kalypso.golang.signatures import FunctionError
from kalypso.golang.values.objects import GoObject

Value: TypeAlias = Any
"""Any value of the table above; what a template holds is not known before it runs."""


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


class ListList(list[list[Any]]):
    """A [][]interface {}: what Sprig's ``chunk`` yields."""

    __slots__ = ()


class NilMap(dict[str, Any]):
    """A nil map[string]interface {}: reads like an empty one, cannot be written."""

    __slots__ = ()

    def __setitem__(self, key: str, value: Value) -> NoReturn:
        raise FunctionError("assignment to entry in nil map")


class NilStringMap(StringMap):
    """A nil map[string]string."""

    __slots__ = ()


class NilList(list[Any]):
    """A nil []interface {}: prints like an empty one, but is null in JSON."""

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
    """The type of :data:`MISSING`, Go's zero ``reflect.Value``.

    Inside the engine an instance may also tell which key was absent where;
    functions only ever see :data:`MISSING`.
    """

    __slots__ = ("holder", "key")

    def __init__(self, key: str = "", holder: Value = None) -> None:
        self.key = key
        """The absent key; empty if nobody knows."""
        self.holder = holder
        """The map that lacks it."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
"""What looking up an absent map key yields; prints ``<no value>``."""

INTEGERS: Final = frozenset({int, Int64, Int32, Uint64, Uint8})
"""Python types that stand for Go's integers."""
MAPS: Final = frozenset({dict, StringMap, AnyMap, NilMap, NilStringMap})
"""Python types that stand for Go's maps."""

_TYPE_NAMES: Final[Mapping[type, str]] = {
    type(None): "<nil>",
    Missing: "<nil>",
    bool: "bool",
    int: "int",
    Int64: "int64",
    Int32: "int32",
    Uint64: "uint64",
    Uint8: "uint8",
    float: "float64",
    complex: "complex128",
    str: "string",
    list: "[]interface {}",
    NilList: "[]interface {}",
    StringList: "[]string",
    IntList: "[]int",
    ListList: "[][]interface {}",
    dict: "map[string]interface {}",
    NilMap: "map[string]interface {}",
    StringMap: "map[string]string",
    NilStringMap: "map[string]string",
    AnyMap: "map[interface {}]interface {}",
}


def type_name(value: Value) -> str:
    """Return what Go's ``%T`` prints; for a missing value what it prints of nil."""
    name = _TYPE_NAMES.get(type(value))
    if name is not None:
        return name
    if isinstance(value, (Struct, GoObject)):
        return value.type_name
    return type(value).__name__
