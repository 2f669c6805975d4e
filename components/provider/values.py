"""Property values between the engine's wire format and plain Python."""

from collections.abc import Mapping

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

Value = bool | float | int | str | None | list["Value"] | dict[str, "Value"]
Properties = dict[str, Value]


def from_wire(struct: Struct) -> Properties:
    """Return properties as plain values; whole numbers become integers."""
    return {key: _plain(value) for key, value in json_format.MessageToDict(struct).items()}


def to_wire(properties: Mapping[str, Value]) -> Struct:
    """Return properties as the engine reads them."""
    struct = Struct()
    struct.update(dict(properties))
    return struct


def text(properties: Mapping[str, Value], key: str) -> str:
    """Return a property that is text; empty if it is absent."""
    value = properties.get(key)
    return value if isinstance(value, str) else ""


def texts(properties: Mapping[str, Value], key: str) -> dict[str, str]:
    """Return a property that maps names to text; empty if it is absent."""
    value = properties.get(key)
    if not isinstance(value, dict):
        return {}
    return {name: item for name, item in value.items() if isinstance(item, str)}


def _plain(value: Value) -> Value:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
