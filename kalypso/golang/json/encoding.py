"""Values as JSON, as Go's ``encoding/json`` writes them.

Source: Go's package encoding/json, encode.go and indent.go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

from kalypso.golang.bytestrings import to_bytes
from kalypso.golang.reflect import is_nil
from kalypso.golang.sizes import check_depth
from kalypso.golang.strconv import format_float
from kalypso.golang.values import (
    AnyMap,
    GoObject,
    Struct,
    Value,
    type_name,
)

_ESCAPED: Final = re.compile('[\x00-\x1f"\\\\\u2028\u2029\udc80-\udcff]')
_ESCAPED_HTML: Final = re.compile('[\x00-\x1f"\\\\\u2028\u2029\udc80-\udcff<>&]')
_SHORT: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_SMALLEST_PLAIN: Final = 1e-6
_LARGEST_PLAIN: Final = 1e21


class JSONError(ValueError):
    """The value has no JSON form; the message is Go's."""


def encode(value: Value, *, escape_html: bool = True, indent: str = "") -> str:
    """Return the value as JSON.

    Args:
        value: Any Go value.
        escape_html: Write ``<``, ``>`` and ``&`` as escapes.
        indent: What a level is indented by; nothing for JSON on a single line.

    Raises:
        JSONError: The value holds a map with keys of any type, an infinity or NaN.
        FunctionError: The value is nested too deep, or holds itself.
    """
    return _Encoder(escape_html=escape_html, indent=indent).write(value, 0)


class _Encoder:
    def __init__(self, *, escape_html: bool, indent: str) -> None:
        self.pattern = _ESCAPED_HTML if escape_html else _ESCAPED
        self.indent = indent

    def write(self, value: Value, depth: int) -> str:  # noqa: PLR0911 - one line a type
        check_depth(depth)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, GoObject):
            return self.write(_json_value(value), depth + 1)
        if is_nil(value):
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(int(value))
        if isinstance(value, float):
            return _number(value)
        if isinstance(value, list):
            return self.brackets("[]", [self.write(item, depth + 1) for item in value], depth)
        return self.mapping(value, depth)

    def mapping(self, value: Value, depth: int) -> str:
        if isinstance(value, AnyMap):
            raise JSONError("json: unsupported type: map[interface {}]interface {}")
        if isinstance(value, Struct):
            items = list(value.fields.items())
        elif isinstance(value, dict):
            items = sorted(value.items(), key=lambda item: to_bytes(item[0]))
        else:
            raise JSONError(f"json: unsupported type: {type_name(value)}")
        colon = ": " if self.indent else ":"
        members = [f"{self.text(key)}{colon}{self.write(item, depth + 1)}" for key, item in items]
        return self.brackets("{}", members, depth)

    def brackets(self, pair: str, members: Iterable[str], depth: int) -> str:
        members = list(members)
        if not self.indent or not members:
            return pair[0] + ",".join(members) + pair[1]
        line = "\n" + self.indent * depth
        inner = line + self.indent
        return pair[0] + inner + f",{inner}".join(members) + line + pair[1]

    def text(self, text: str) -> str:
        return '"' + self.pattern.sub(_escape, text) + '"'


def _json_value(value: GoObject) -> Value:
    try:
        return value.json_value()
    except ValueError as error:
        kind = type_name(value)
        raise JSONError(f"json: error calling MarshalJSON for type {kind}: {error}") from None


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if "\udc80" <= char <= "\udcff":  # a byte that is not UTF-8
        return "\\ufffd"
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


def _number(number: float) -> str:
    if not math.isfinite(number):
        raise JSONError(f"json: unsupported value: {format_float(number, 'g')}")
    if number == 0.0 or _SMALLEST_PLAIN <= abs(number) < _LARGEST_PLAIN:
        return format_float(number, "f")
    text = format_float(number, "e")
    # Go shortens e-09 to e-9.
    return re.sub(r"e-0(\d)$", r"e-\1", text)
