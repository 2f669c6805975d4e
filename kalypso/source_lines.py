"""The line that a problem is about, as compilers show it: number, text, and a caret below.

Only files that whoever sees the problem owns are quoted: what an application's repository holds
is not for the platform's pull requests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LONGEST = 160
"""Characters of a line; of a longer one, the part around the caret is shown."""
_ELLIPSIS = "…"
_SECRET = re.compile(r"://[^/\s]*@|[^\s/@:]+:[^\s/@]+@|[?&](?!ref=)[\w.-]+=")
"""What may hold a credential: an address with a user, a password or a query."""
_WHOLE_OBJECT = re.compile(r"(---.*|apiVersion: .*|kind: .*)")
"""How an object begins; such a line says nothing about what is wrong with it."""


@dataclass(slots=True)
class SourceLines:
    """Trees whose lines may be quoted."""

    _trees: dict[str, Mapping[str, bytes]] = field(default_factory=dict)

    def add(self, name: str, files: Mapping[str, bytes]) -> None:
        """Let the lines of a tree be quoted.

        Args:
            name: What stands before a path in messages.
            files: Content by path.
        """
        self._trees[name] = files

    def excerpt(self, file: str, line: int, column: int) -> str:
        """Return a line with a caret below it.

        It is empty if the line is not known, may hold a credential, or only begins an object.

        Args:
            file: As messages name it.
            line: From 1.
            column: From 1.
        """
        text = self._line(file, line)
        if not text.strip() or _SECRET.search(text):
            return ""
        if column == 1 and _WHOLE_OBJECT.fullmatch(text):
            return ""
        shown, before = part_around(text, column - 1)
        number = f"{line} | "
        return f"{number}{shown}\n{' ' * len(number)}{before}^"

    def _line(self, file: str, line: int) -> str:
        for name, files in self._trees.items():
            content = files.get(file.removeprefix(name)) if file.startswith(name) else None
            if content is not None:
                lines = content.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
                return lines[line - 1].rstrip("\r") if line <= len(lines) else ""
        return ""


def part_around(text: str, at: int) -> tuple[str, str]:
    """Return the part of a line around a place, and what indents a caret below it.

    Args:
        text: The line.
        at: The place, from 0.
    """
    at, left = min(at, len(text)), 0
    if len(text) > _LONGEST:
        left = max(0, at - _LONGEST // 2)
        text = text[left : left + _LONGEST]
    before = "".join("\t" if char == "\t" else " " for char in text[: at - left])
    return (f"{_ELLIPSIS}{text}", f" {before}") if left else (text, before)
