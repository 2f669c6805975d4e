"""Go string and character literals, as ``%q`` writes them and a template's source holds them."""

from __future__ import annotations

import re
from typing import Final

from kalypso.golang.bytestrings import from_bytes, replace_invalid

_ESCAPES: Final = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
}
_UNESCAPES: Final = {escape[1]: char for char, escape in _ESCAPES.items()}
_LAST_LATIN: Final = 0x7F
_LAST_BMP: Final = 0xFFFF
_LAST_RUNE: Final = 0x10FFFF
_LAST_BYTE: Final = 0xFF
_FIRST_SURROGATE: Final = 0xD800
_LAST_SURROGATE: Final = 0xDFFF
_ESCAPED_BYTES: Final = range(0xDC80, 0xDD00)
_ESCAPE: Final = re.compile(
    r"""\\(?:
        (?P<short>[abfnrtv\\'"])
      | x(?P<byte>[0-9a-fA-F]{2})
      | (?P<octal>[0-7]{3})
      | u(?P<short_rune>[0-9a-fA-F]{4})
      | U(?P<long_rune>[0-9a-fA-F]{8})
    )""",
    re.VERBOSE,
)


class LiteralError(ValueError):
    """A literal does not follow Go's syntax; the message is strconv's."""


def quote(text: str, *, ascii_only: bool = False) -> str:
    r"""Return the text as Go's ``%q`` writes it; ``%+q`` (ascii_only) escapes all but ASCII."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(_escaped(char, '"', ascii_only=ascii_only) for char in text) + '"'


def quote_rune(code: int, *, ascii_only: bool = False) -> str:
    """Return a character literal as ``%q`` writes a number; what is not a character is U+FFFD."""
    if not 0 <= code <= _LAST_RUNE or _FIRST_SURROGATE <= code <= _LAST_SURROGATE:
        code = 0xFFFD
    return "'" + _escaped(chr(code), "'", ascii_only=ascii_only) + "'"


def _escaped(char: str, quotation: str, *, ascii_only: bool) -> str:
    if char == quotation:
        return "\\" + char
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable() and (not ascii_only or char.isascii()):
        return char
    code = ord(char)
    if code in _ESCAPED_BYTES:
        return f"\\x{code - 0xDC00:02x}"
    if code <= _LAST_LATIN and not char.isprintable():
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_BMP else f"\\U{code:08x}"


def can_backquote(text: str) -> bool:
    """Return whether ``%#q`` may write the text between backquotes."""
    return not any(
        char in "`\x7f\ufeff" or (char < " " and char != "\t") or "\ud800" <= char <= "\udfff"
        for char in text
    )


def unquote(literal: str) -> str:
    """Return the text of a string literal, in double quotes or backquotes.

    Raises:
        LiteralError: The text has an escape that Go does not know.
    """
    body = literal[1:-1]
    if literal[0] == "`":
        return body.replace("\r", "")
    body = replace_invalid(body)
    return _unescaped(body, '"') if "\\" in body else body


def unquote_rune(literal: str) -> int:
    """Return the number of a character literal.

    Raises:
        LiteralError: There is not exactly one character, or an escape is none of Go's.
    """
    body = literal[1:-1]
    if body.startswith("\\"):
        match = _ESCAPE.match(body)
        if match is None or match["short"] == '"':
            raise LiteralError("invalid syntax")
        if match.end() != len(body):
            raise LiteralError(f"malformed character constant: {literal}")
        return _code(match)
    if not body:
        raise LiteralError("invalid syntax")
    if len(body) > 1:
        raise LiteralError(f"malformed character constant: {literal}")
    code = ord(body)
    return 0xFFFD if _FIRST_SURROGATE <= code <= _LAST_SURROGATE else code


def _unescaped(body: str, quotation: str) -> str:
    out: list[str] = []
    raw_bytes = False
    start = 0
    while (at := body.find("\\", start)) >= 0:
        match = _ESCAPE.match(body, at)
        if match is None or (match["short"] in ("'", '"') and match["short"] != quotation):
            raise LiteralError("invalid syntax")
        out.append(body[start:at])
        code = _code(match)
        if (match["byte"] or match["octal"]) and code > _LAST_LATIN:
            raw_bytes = True
            code += 0xDC00
        out.append(chr(code))
        start = match.end()
    text = "".join(out) + body[start:]
    return from_bytes(text.encode("utf-8", "surrogateescape")) if raw_bytes else text


def _code(match: re.Match[str]) -> int:
    if match["short"]:
        return ord(_UNESCAPES.get(match["short"], match["short"]))
    if match["byte"]:
        return int(match["byte"], 16)
    if match["octal"]:
        code = int(match["octal"], 8)
        if code > _LAST_BYTE:
            raise LiteralError("invalid syntax")
        return code
    code = int(match["short_rune"] or match["long_rune"], 16)
    if code > _LAST_RUNE or _FIRST_SURROGATE <= code <= _LAST_SURROGATE:
        raise LiteralError("invalid syntax")
    return code
