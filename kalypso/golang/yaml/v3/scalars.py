"""How yaml.v3 writes one scalar: plain, quoted or as a literal block.

Source: yaml.v3 v3.0.1, encode.go (``stringv``) and emitterc.go (``analyze_scalar``,
``select_scalar_style``, ``write_double_quoted_scalar``).
"""

from __future__ import annotations

import base64
import re
from enum import Enum
from functools import lru_cache

import msgspec

from kalypso.golang.bytestrings import byte_length, is_valid, to_bytes
from kalypso.golang.yaml.resolve import OLD_BOOLS, is_base60, resolve

BREAKS = "\r\n\x85\u2028\u2029"
_BASE64_LINE = 70
_LONGEST_SIMPLE_KEY = 128

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*", re.ASCII)
_PRINTABLE = "\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd"
_SPECIAL = re.compile(f"[^\t{_PRINTABLE}]")
_ESCAPED = re.compile(f'["\\\\\r\n\x85\u2028\u2029]|[^{_PRINTABLE}]')
_INDICATOR_FIRST = re.compile("[#,\\[\\]{}&*!|>'\"%@`]|[?:-](?:[ \t]|$)|---|\\.\\.\\.")
_INDICATOR_INSIDE = re.compile(f"[ \t\0{BREAKS}]#|:(?:[ \t]|$)")
_SPACE_BREAK = re.compile(f" [{BREAKS}]")
_BREAK_SPACE = re.compile(f"[{BREAKS}] ")
_ANY_BREAK = re.compile(f"[{BREAKS}]")
_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\xa0": "_",
    "\u2028": "L",
    "\u2029": "P",
}


class Style(Enum):
    """The ways to write a scalar that yaml.v3 uses for Go strings."""

    PLAIN = "plain"
    SINGLE = "single"
    DOUBLE = "double"
    LITERAL = "literal"


class Scalar(msgspec.Struct, frozen=True):
    """A text, ready to be written."""

    text: str
    style: Style
    """As a value, and as a key that stands on a line of its own."""
    simple_key: bool
    """It is short and has a single line, so that ``key: value`` can hold it."""
    tag: str = ""


@lru_cache(maxsize=4096)
def string_scalar(text: str) -> Scalar:
    """Decide how a Go string is written."""
    if _WORD.fullmatch(text) and text not in OLD_BOOLS and resolve(text, version=3)[0] == "!!str":
        return Scalar(text, Style.PLAIN, len(text) <= _LONGEST_SIMPLE_KEY)
    tag = ""
    plain = True
    if not is_valid(text):
        tag, text = "!!binary", _base64_lines(text)
    else:
        known, _ = resolve(text, version=3)
        plain = known == "!!str" and not is_base60(text) and text not in OLD_BOOLS
    simple = not _ANY_BREAK.search(text) and (byte_length(text) + len(tag) <= _LONGEST_SIMPLE_KEY)
    return Scalar(text, _style(text, plain=plain), simple, tag)


def _base64_lines(text: str) -> str:
    encoded = base64.b64encode(to_bytes(text)).decode()
    if len(encoded) < _BASE64_LINE:
        return encoded
    starts = range(0, len(encoded), _BASE64_LINE)
    return "".join(f"{encoded[at : at + _BASE64_LINE]}\n" for at in starts)


def _style(text: str, *, plain: bool) -> Style:
    special = _SPECIAL.search(text) is not None
    space_break = _SPACE_BREAK.search(text) is not None
    if "\n" in text:
        fits = not (special or space_break or text.endswith(" "))
        return Style.LITERAL if fits else Style.DOUBLE
    if not plain:
        return Style.DOUBLE
    if special or space_break or "\t" in text or _BREAK_SPACE.search(text):
        return Style.DOUBLE
    bare = not (
        text[0] == " "
        or text[-1] == " "
        or _ANY_BREAK.search(text)
        or _INDICATOR_FIRST.match(text)
        or _INDICATOR_INSIDE.search(text)
    )
    return Style.PLAIN if bare else Style.SINGLE


def double_quoted(text: str) -> str:
    """Write a text in double quotes with YAML's escapes."""
    if text.startswith("\ufeff"):  # yaml.v3 looks for the mark at the start before each character
        return '"' + "".join(_escape(char) for char in text) + '"'
    return '"' + _ESCAPED.sub(lambda match: _escape(match[0]), text) + '"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return f"\\{_ESCAPES[char]}"
    code = ord(char)
    if code <= 0xFF:  # the widths of \x, \u and \U
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
