"""Writes values as YAML, byte for byte like Marshal of Go's yaml.v3 v3.0.1 with its 4 spaces.

Source: yaml.v3 v3.0.1, encode.go, sorter.go and emitterc.go.
"""

from __future__ import annotations

from typing import Any

from kalypso.golang.sizes import check_depth
from kalypso.golang.strconv import format_float
from kalypso.golang.values import GoObject, Missing, Struct, plain_key
from kalypso.golang.yaml.v3.keys import sorted_keys
from kalypso.golang.yaml.v3.scalars import BREAKS, Scalar, Style, double_quoted, string_scalar

_INDENT = 4
_ITEM_INDENT = 2
_FLOATS = {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}


def marshal(value: Any) -> str:
    """Return the value as a YAML document with a final newline.

    Raises:
        FunctionError: The value is nested too deep, or holds itself.
    """
    writer = _Writer()
    writer.node(value, -1, item=False, depth=0)
    writer.new_line(0)
    return "".join(writer.parts)


class _Writer:
    """The text so far, and what decides whether a line break is due."""

    __slots__ = ("column", "fresh", "parts", "spaced")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.column = 0
        self.spaced = True
        """The last thing written needs no space after it."""
        self.fresh = True
        """Only indicators were written on this line."""

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.column += len(text)

    def line_break(self, char: str = "\n") -> None:
        self.parts.append(char)
        self.column = 0
        self.fresh = True

    def new_line(self, indent: int) -> None:
        """Go to the indentation, on a new line unless this one is free up to there."""
        column = self.column
        if not self.fresh or column > indent or (column == indent and not self.spaced):
            self.line_break()
            column = 0
        if column < indent:
            self.put(" " * (indent - column))
        self.spaced = True

    def indicator(self, text: str, *, spaced_before: bool, keeps_fresh: bool = False) -> None:
        if spaced_before and not self.spaced:
            self.put(" ")
        self.put(text)
        self.spaced = False
        self.fresh = self.fresh and keeps_fresh

    def node(self, value: Any, indent: int, *, item: bool, depth: int) -> None:
        """Write a value; ``item`` tells that it follows the dash of a list."""
        if isinstance(value, dict):
            pairs = [(plain_key(key), value[key]) for key in sorted_keys(value)]
            self._mapping(pairs, indent, item=item, depth=depth)
        elif isinstance(value, list):
            self._sequence(value, indent, item=item, depth=depth)
        elif isinstance(value, GoObject):
            text = value.yaml_scalar()
            self.indicator("{}" if text is None else text, spaced_before=True)
        elif isinstance(value, Struct):
            pairs = [(name.lower(), field) for name, field in value.fields.items()]
            self._mapping(pairs, indent, item=item, depth=depth)
        else:
            self._scalar(_scalar(value), _deeper(indent, item=item) if indent >= 0 else _INDENT)

    def _sequence(self, items: list[Any], indent: int, *, item: bool, depth: int) -> None:
        if not items:
            self.indicator("[]", spaced_before=True)
            return
        check_depth(depth)
        inner = _deeper(indent, item=item)
        for element in items:
            self.new_line(inner)
            self.indicator("-", spaced_before=True, keeps_fresh=True)
            self.node(element, inner, item=True, depth=depth + 1)

    def _mapping(
        self, pairs: list[tuple[Any, Any]], indent: int, *, item: bool, depth: int
    ) -> None:
        if not pairs:
            self.indicator("{}", spaced_before=True)
            return
        check_depth(depth)
        inner = _deeper(indent, item=item)
        for key, element in pairs:
            self.new_line(inner)
            scalar = _scalar(key)
            if scalar.simple_key:
                self._scalar(scalar, _deeper(inner, item=False))
                self.indicator(":", spaced_before=False)
            else:
                self.indicator("?", spaced_before=True, keeps_fresh=True)
                self._scalar(scalar, _deeper(inner, item=False))
                self.new_line(inner)
                self.indicator(":", spaced_before=True, keeps_fresh=True)
            self.node(element, inner, item=False, depth=depth + 1)

    def _scalar(self, scalar: Scalar, indent: int) -> None:
        if scalar.tag:
            self.indicator(scalar.tag, spaced_before=True)
        text = scalar.text
        if scalar.style is Style.PLAIN:
            if text:
                self.indicator(text, spaced_before=True)
        elif scalar.style is Style.DOUBLE:
            self.indicator(double_quoted(text), spaced_before=True)
        elif scalar.style is Style.SINGLE:
            self.indicator("'", spaced_before=True)
            self._lines(text.replace("'", "''"), indent, after_break=False)
            self.indicator("'", spaced_before=False)
        else:
            self.indicator(_literal_header(text), spaced_before=True)
            self.spaced = True
            self._lines(text, indent, after_break=True)

    def _lines(self, text: str, indent: int, *, after_break: bool) -> None:
        for line in _split_lines(text):
            content = line.rstrip(BREAKS)
            if content:
                if after_break:
                    self.new_line(indent)
                self.put(content)
                self.fresh = False
                after_break = False
            if len(line) > len(content):
                self.line_break(line[-1])
                after_break = True


def _deeper(indent: int, *, item: bool) -> int:
    if indent < 0:
        return 0
    if item:
        return indent + _ITEM_INDENT
    return _INDENT * ((indent + _INDENT) // _INDENT)


def _split_lines(text: str) -> list[str]:
    """Split after each break character; CR and LF are two breaks."""
    lines, start = [], 0
    for at, char in enumerate(text):
        if char in BREAKS:
            lines.append(text[start : at + 1])
            start = at + 1
    lines.append(text[start:])
    return lines


def _literal_header(text: str) -> str:
    hint = str(_INDENT) if text[0] == " " or text[0] in BREAKS else ""
    if text[-1] not in BREAKS:
        return f"|{hint}-"
    return f"|{hint}+" if len(text) == 1 or text[-2] in BREAKS else f"|{hint}"


def _scalar(value: Any) -> Scalar:
    if isinstance(value, str):
        return string_scalar(value)
    if value is None or isinstance(value, Missing):
        text = "null"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, float):
        text = format_float(value, "g")
        text = _FLOATS.get(text, text)
    else:
        text = str(int(value))
    return Scalar(text, Style.PLAIN, simple_key=True)
