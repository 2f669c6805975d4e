"""A number for any value: mitchellh/hashstructure v1.1.0 with its default, FNV-1 of 64 bits.

Source: hashstructure v1.1.0, hashstructure.go.
"""

from __future__ import annotations

import math
import struct
from typing import Final

from kalypso.golang.bytestrings import to_bytes
from kalypso.golang.sizes import check_depth
from kalypso.golang.values import (
    GoObject,
    Int32,
    Struct,
    Uint8,
    Value,
    plain_key,
)

_OFFSET: Final = 0xCBF29CE484222325
_PRIME: Final = 0x100000001B3
_NAN_BITS: Final = 0x7FF8000000000001
"""Go's NaN differs from Python's in the last bit."""
_MASK: Final = (1 << 64) - 1


def hash_value(value: Value) -> int:
    """Return the hash of a value; the order of map keys does not matter, that of items does.

    Raises:
        FunctionError: The value is nested too deep, or holds itself.
    """
    return _visit(value, 0)


def _fnv(data: bytes) -> int:
    number = _OFFSET
    for byte in data:
        number = (number * _PRIME & _MASK) ^ byte
    return number


def _ordered(left: int, right: int) -> int:
    return _fnv(struct.pack("<QQ", left, right))


def _visit(value: Value, depth: int) -> int:
    check_depth(depth)
    if isinstance(value, str):
        return _fnv(to_bytes(value))
    if isinstance(value, dict):
        return _unordered(value, depth)
    if isinstance(value, list):
        number = 0
        for item in value:
            number = _ordered(number, _visit(item, depth + 1))
        return number
    if isinstance(value, Struct):
        name = value.type_name.rpartition(".")[2]
        return _fnv(to_bytes(name)) ^ _unordered(value.fields, depth)
    if isinstance(value, GoObject) and not isinstance(value, int):
        data = value.hash_bytes()
        # A struct without exported fields is its type's name.
        return _fnv(value.type_name.rpartition(".")[2].encode() if data is None else data)
    return _fnv(_number_bytes(value))


def _unordered(entries: dict[Value, Value], depth: int) -> int:
    number = 0
    for key, item in entries.items():
        number ^= _ordered(_visit(plain_key(key), depth + 1), _visit(item, depth + 1))
    return number


def _number_bytes(value: Value) -> bytes:
    """Return a number as Go writes it in little endian; nil is the int 0."""
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, float):
        return struct.pack("<Q", _NAN_BITS) if math.isnan(value) else struct.pack("<d", value)
    if isinstance(value, Uint8):
        return bytes([value])
    if isinstance(value, Int32):
        return struct.pack("<i", value)
    return struct.pack("<Q", int(value or 0) & _MASK)
