"""Go's types on Python's, the order of map keys, and values whose type has methods.

The table in :mod:`kalypso.golang.values.types` says which Python value is which Go value.
"""

from __future__ import annotations

from kalypso.golang.values.keys import BoolKey, FloatKey, map_key, plain_key
from kalypso.golang.values.objects import GoObject
from kalypso.golang.values.ordering import sorted_items
from kalypso.golang.values.types import (
    INTEGERS,
    MAPS,
    MISSING,
    AnyMap,
    Int32,
    Int64,
    IntList,
    ListList,
    Missing,
    NilList,
    NilMap,
    NilStringMap,
    StringList,
    StringMap,
    Struct,
    Uint8,
    Uint64,
    Value,
    type_name,
)

__all__ = [
    "INTEGERS",
    "MAPS",
    "MISSING",
    "AnyMap",
    "BoolKey",
    "FloatKey",
    "GoObject",
    "Int32",
    "Int64",
    "IntList",
    "ListList",
    "Missing",
    "NilList",
    "NilMap",
    "NilStringMap",
    "StringList",
    "StringMap",
    "Struct",
    "Uint8",
    "Uint64",
    "Value",
    "map_key",
    "plain_key",
    "sorted_items",
    "type_name",
]
