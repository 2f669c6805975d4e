"""Property values between the engine's wire format and plain Python."""

from collections.abc import Iterable, Mapping
from typing import TypeGuard

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the engine's mark of a secret
Value = bool | float | int | str | None | list["Value"] | dict[str, "Value"]
Properties = dict[str, Value]


def from_wire(struct: Struct) -> Properties:
    """Return properties as plain values; whole numbers become integers, secrets their text."""
    return {key: _plain(value) for key, value in json_format.MessageToDict(struct).items()}


def to_wire(properties: Mapping[str, Value], secrets: Iterable[str] = ()) -> Struct:
    """Return properties as the engine reads them.

    Args:
        properties: Plain values.
        secrets: Names of those that the engine has to encrypt.
    """
    struct = Struct()
    hidden = {name: _secret(properties[name]) for name in secrets if name in properties}
    struct.update({**properties, **hidden})
    return struct


def secrets_in(struct: Struct) -> set[str]:
    """Return the names of the properties that are secret, or hold something secret."""
    found = json_format.MessageToDict(struct)
    return {name for name, value in found.items() if _holds_secret(value)}


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


def _secret(value: Value) -> Value:
    return {_SIGNATURE: _SECRET, "value": value}


def _is_secret(value: Value) -> TypeGuard[dict[str, Value]]:
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def _holds_secret(value: Value) -> bool:
    if isinstance(value, list):
        return any(map(_holds_secret, value))
    return _is_secret(value) or (
        isinstance(value, dict) and any(map(_holds_secret, value.values()))
    )


def _plain(value: Value) -> Value:
    if _is_secret(value):
        return _plain(value.get("value"))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
