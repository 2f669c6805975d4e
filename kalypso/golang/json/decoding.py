"""JSON texts as values, with the errors of Go's ``encoding/json``.

Source: Go's package encoding/json, scanner.go and decode.go.
"""

from __future__ import annotations

import re
from typing import Final

from kalypso.golang.bytestrings import replace_invalid, to_bytes
from kalypso.golang.strconv import NumError, parse_float, quote
from kalypso.golang.values import Value

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]*')
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}
_HEX_DIGITS: Final = 4
_MAX_DEPTH: Final = 100


class _JSONSyntaxError(ValueError):
    """The text is not JSON; the message is Go's."""


def decode(text: str) -> tuple[Value, str]:
    """Return the value of a JSON text, and Go's error, empty if there is none.

    Every number is a float64. Of a text that is not JSON, the value is nil; a number that is too
    large is nil inside the value.
    """
    decoder = _Decoder(text)
    try:
        return decoder.document(), decoder.complaint
    except _JSONSyntaxError as error:
        return None, str(error)


class _Decoder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.complaint = ""
        """The first number that is too large; the rest must still be valid."""

    def document(self) -> Value:
        value = self.value(0, "looking for beginning of value")
        self.space()
        if self.at < len(self.text):
            raise self.unexpected("after top-level value")
        return value

    def space(self) -> str:
        """Skip white space; return the next character, nothing at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def unexpected(self, where: str, *, in_token: bool = False) -> _JSONSyntaxError:
        """Complain of the next byte; Go reads a space where the text ends."""
        if self.at < len(self.text):
            char = chr(to_bytes(self.text[self.at])[0])
        elif in_token:
            char = " "
        else:
            return _JSONSyntaxError("unexpected end of JSON input")
        shown = {"'": r"'\''", '"': "'\"'"}.get(char, "'" + quote(char)[1:-1] + "'")
        return _JSONSyntaxError(f"invalid character {shown} {where}")

    def value(self, depth: int, where: str) -> Value:
        if depth > _MAX_DEPTH:
            raise _JSONSyntaxError("exceeded max depth")
        char = self.space()
        if char == "{":
            return self.object(depth)
        if char == "[":
            return self.array(depth)
        if char == '"':
            return self.string()
        if char and char in "-0123456789":
            return self.number()
        if char and char in "tfn":
            return self.word()
        raise self.unexpected(where)

    def object(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        self.at += 1
        if self.space() == "}":
            self.at += 1
            return found
        while True:
            if self.space() != '"':
                raise self.unexpected("looking for beginning of object key string")
            key = self.string()
            if self.space() != ":":
                raise self.unexpected("after object key")
            self.at += 1
            found[key] = self.value(depth + 1, "looking for beginning of value")
            if self.ends("}", "after object key:value pair"):
                return found

    def array(self, depth: int) -> list[Value]:
        found: list[Value] = []
        self.at += 1
        if self.space() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value(depth + 1, "looking for beginning of value"))
            if self.ends("]", "after array element"):
                return found

    def ends(self, bracket: str, where: str) -> bool:
        """Step over a comma or the closing bracket; return whether it was the bracket."""
        char = self.space()
        if char not in (",", bracket):
            raise self.unexpected(where)
        self.at += 1
        return char == bracket

    def number(self) -> float | None:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            self.at += 1
            raise self.unexpected("in numeric literal", in_token=True)
        following = self.text[match.end() : match.end() + 2]
        self.at = match.end()
        if following[:1] == "." and "." not in match[0] and "e" not in match[0].lower():
            self.at += 1
            raise self.unexpected("after decimal point in numeric literal", in_token=True)
        if following[:1] in ("e", "E") and "e" not in match[0].lower():
            self.at += 2 if following[1:] in ("+", "-") else 1
            raise self.unexpected("in exponent of numeric literal", in_token=True)
        try:
            return parse_float(match[0])
        except NumError:
            number = f"number {match[0]}"
            self.complaint = self.complaint or (
                f"json: cannot unmarshal {number} into Go value of type float64"
            )
            return None

    def word(self) -> Value:
        word = {"t": "true", "f": "false", "n": "null"}[self.text[self.at]]
        for char in word:
            if self.text[self.at : self.at + 1] != char:
                raise self.unexpected(f"in literal {word} (expecting '{char}')", in_token=True)
            self.at += 1
        return _WORDS[word]

    def string(self) -> str:
        self.at += 1
        out: list[str] = []
        while True:
            match = _PLAIN.match(self.text, self.at)
            if match:
                out.append(match[0])
                self.at = match.end()
            char = self.text[self.at : self.at + 1]
            if char == '"':
                self.at += 1
                return replace_invalid("".join(out))
            if char != "\\":
                raise self.unexpected("in string literal")
            self.at += 1
            out.append(self.escape())

    def escape(self) -> str:
        char = self.text[self.at : self.at + 1]
        if char == "u":
            return self.unicode()
        if not char or char not in '"\\/bfnrt':
            raise self.unexpected("in string escape code", in_token=True)
        self.at += 1
        return _SHORT.get(char, char)

    def unicode(self) -> str:
        code = self.code()
        if not 0xD800 <= code < 0xE000:  # the surrogates
            return chr(code)
        if code < 0xDC00 and self.text.startswith("\\u", self.at):
            before = self.at
            self.at += 1
            low = self.code()
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + (code - 0xD800 << 10) + low - 0xDC00)
            self.at = before
        return "\ufffd"

    def code(self) -> int:
        self.at += 1
        digits = ""
        for _ in range(_HEX_DIGITS):
            char = self.text[self.at : self.at + 1]
            if not char or char not in "0123456789abcdefABCDEF":
                raise self.unexpected("in \\u hexadecimal character escape", in_token=True)
            digits += char
            self.at += 1
        return int(digits, 16)
