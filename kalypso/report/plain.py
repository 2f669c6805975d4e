"""Values and names as a terminal may show them, and as JSON and YAML hold them.

Much of a model is written by application teams, and YAML lets them write control characters, which
a terminal would obey.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from kalypso.errors import Position
from kalypso.harmless_text import (
    cut,
    harmless,
    harmless_json,
    obeyed,
    without_secrets,
)

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def printable(text: str) -> str:
    """Return a text in which nothing moves the cursor, or is obeyed by the log of a CI system."""
    return harmless(text)


def one_line(text: str, longest: int = 0) -> str:
    """Return a text as one printable line.

    Args:
        text: Any text; quoted as in JSON if it has several lines or blanks at an end.
        longest: Characters after which it is cut, with the number of those left out; 0 for none.
    """
    shown = printable(text)
    if "\n" in text or "\t" in text or text != text.strip() or not text:
        shown = json.dumps(text, ensure_ascii=False)
        shown = printable(shown)
    return cut(shown, longest) if longest else shown


def as_plain(value: object) -> object:
    """Return a value as JSON knows it: keys are text, positions are mappings."""
    plain: object
    match value:
        case Position():
            plain = {"file": value.file, "line": value.line, "column": value.column}
        case Mapping():
            plain = {_key(key): as_plain(item) for key, item in value.items()}
        case bool() | None:
            plain = value
        case int():
            plain = int(value)
        case float() if math.isfinite(value):
            plain = float(value)
        case Sequence() | set() | frozenset() if not isinstance(value, str | bytes):
            plain = [as_plain(item) for item in value]
        case _:
            plain = str(value)
    return plain


def to_json(value: object, indent: int | None = 2) -> str:
    """Return a value as JSON, on one line without an indent; control characters are escaped."""
    return harmless_json(json.dumps(as_plain(value), indent=indent, ensure_ascii=True))


def to_yaml(value: object) -> str:
    """Return a value as YAML, in the order in which it stands.

    One that holds what a terminal or a CI system would obey is written as JSON, which is YAML too
    and can escape it.
    """
    plain = as_plain(value)
    dumped: Any = yaml.dump(
        plain, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100
    )
    text = str(dumped).removesuffix("\n")
    return to_json(plain) if obeyed(text) else without_secrets(text)


def csv_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def line_of(at: Position) -> str:
    """Return a place without its column, as tables show it."""
    return f"{at.file}:{at.line}"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 key``, ``2 keys``, ``1,024 policies``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _key(key: object) -> str:
    match key:
        case bool():
            return "true" if key else "false"
        case None:
            return "null"
        case _:
            return str(key)
