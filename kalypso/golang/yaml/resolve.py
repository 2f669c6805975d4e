"""What an unquoted YAML scalar means to yaml.v2 and yaml.v3: null, bool, number, time, text."""

from __future__ import annotations

import math
import re
from typing import Any, Literal

from kalypso.golang.strconv import (
    MAX_INT64,
    NumError,
    parse_float,
    parse_int,
    parse_uint,
)
from kalypso.golang.values import Uint64

Tag = Literal["!!str", "!!bool", "!!null", "!!int", "!!float", "!!timestamp"]

_WORDS: dict[str, tuple[Tag, Any]] = {
    **dict.fromkeys(("true", "True", "TRUE"), ("!!bool", True)),
    **dict.fromkeys(("false", "False", "FALSE"), ("!!bool", False)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), ("!!null", None)),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), ("!!float", math.nan)),
    **dict.fromkeys((".inf", ".Inf", ".INF"), ("!!float", math.inf)),
    **dict.fromkeys(("+.inf", "+.Inf", "+.INF"), ("!!float", math.inf)),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), ("!!float", -math.inf)),
}
_OLD_TRUE = ("y", "Y", "yes", "Yes", "YES", "on", "On", "ON")
_OLD_FALSE = ("n", "N", "no", "No", "NO", "off", "Off", "OFF")
_WORDS_2: dict[str, tuple[Tag, Any]] = {
    **_WORDS,
    **dict.fromkeys(_OLD_TRUE, ("!!bool", True)),
    **dict.fromkeys(_OLD_FALSE, ("!!bool", False)),
}
OLD_BOOLS = frozenset(_OLD_TRUE + _OLD_FALSE)
"""Words that only YAML 1.1 takes for a bool; yaml.v3 reads them as text and writes them quoted."""

_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.ASCII)
_DATE_START = re.compile(r"[0-9]{4}-", re.ASCII)
_TIMESTAMP_LAYOUTS = (
    "2006-1-2T15:4:5.999999999Z07:00",
    "2006-1-2t15:4:5.999999999Z07:00",
    "2006-1-2 15:4:5.999999999",
    "2006-1-2",
)


def is_base60(text: str) -> bool:
    """Return whether YAML 1.1 takes the text for a number in base 60, such as ``1:30``."""
    return ":" in text and _BASE60.fullmatch(text) is not None


def resolve(text: str, *, version: Literal[2, 3]) -> tuple[Tag, Any]:
    """Return the tag and the value of an unquoted scalar.

    Args:
        text: The scalar's text.
        version: Which package's rules: yaml.v2 knows the bools of YAML 1.1, yaml.v3 octals
            in all forms.

    Returns:
        The value is a Go value: int, :class:`Uint64`, float, bool, None or the text itself,
        the latter also for timestamps.
    """
    words = _WORDS_2 if version == 2 else _WORDS  # a version, not a magic value
    if text in words:
        return words[text]
    if text[0] == ".":
        try:
            return "!!float", parse_float(text)
        except NumError:
            return "!!str", text
    if text[0] in "+-0123456789":
        if is_timestamp(text):
            return "!!timestamp", text
        return _resolve_number(text, version)
    return "!!str", text


def _resolve_number(text: str, version: int) -> tuple[Tag, Any]:
    plain = text.replace("_", "")
    number = _integer(plain, 0)
    if number is not None:
        return "!!int", number
    if _FLOAT.fullmatch(plain):
        try:
            return "!!float", parse_float(plain)
        except NumError:
            pass
    number = _prefixed(plain, "0b", 2)
    if number is None and version > 2:
        number = _prefixed(plain, "0o", 8)
    return ("!!str", text) if number is None else ("!!int", number)


def _integer(text: str, base: int) -> int | None:
    try:
        return parse_int(text, base)
    except NumError:
        pass
    try:
        number = parse_uint(text, base)
    except NumError:
        return None
    return Uint64(number) if number > MAX_INT64 else number


def _prefixed(text: str, prefix: str, base: int) -> int | None:
    """Read numbers that ``strconv`` refuses but YAML takes, such as ``0b-1``."""
    if text.startswith(prefix):
        return _integer(text[2:], base)
    if text.startswith(f"-{prefix}"):
        try:
            return parse_int(f"-{text[3:]}", base)
        except NumError:
            return None
    return None


def is_timestamp(text: str) -> bool:
    """Return whether the text is a date, or a date and a time, of YAML's kinds."""
    if not _DATE_START.match(text):
        return False
    from kalypso.golang.time import parses  # noqa: PLC0415 - few texts get here

    return any(parses(layout, text) for layout in _TIMESTAMP_LAYOUTS)
