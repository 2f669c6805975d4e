"""The text of a template, and errors that point into it."""

from __future__ import annotations

import msgspec

from kalypso.errors import Position, TemplateError
from kalypso.source_lines import part_around


class Source(msgspec.Struct, frozen=True):
    """A template's text under the name that messages give it."""

    name: str
    text: str

    def position(self, at: int) -> Position:
        """Return line and column, both from 1, of an offset."""
        before = self.text[:at]
        line_start = before.rfind("\n") + 1
        return Position(self.name, before.count("\n") + 1, at - line_start + 1)

    def excerpt(self, at: int) -> str:
        """Return the line of an offset, with a caret below it; a very long line is cut."""
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        line = self.text[start : end if end >= 0 else None].rstrip("\r")
        shown, indent = part_around(line, at - start)
        return f"{_printable(shown)}\n{indent}^"

    def error(self, message: str, at: int, *, code: str = "", hint: str = "") -> TemplateError:
        """Return an error that points at an offset."""
        return TemplateError(
            _printable(message), self.position(at), hint, code=code, excerpt=self.excerpt(at)
        )


def _printable(text: str) -> str:
    """Return the text without bytes that are not UTF-8, so that any terminal can show it."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
