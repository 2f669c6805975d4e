"""Where an object comes from; finds the line of any of its fields when a message needs it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

import yaml

from kalypso.errors import Position


@dataclass(frozen=True, slots=True)
class Origin:
    """One document of one file.

    Positions of single fields are not kept, which would cost more memory than the model itself;
    :meth:`at` reads the text once more.
    """

    file: str
    """The file as messages name it."""
    text: str = field(repr=False)
    document: int
    """Index of the document in the file, counted from 0."""
    line: int
    """Where the document's content starts, counted from 1."""
    column: int = 1
    path: tuple[str | int, ...] = ()
    """Where in the document the object is; not empty inside a ``List``."""

    def inside(self, *path: str | int) -> Origin:
        """Return the origin of an object that stands inside this one."""
        place = self.at(*path)
        return replace(self, line=place.line, column=place.column, path=(*self.path, *path))

    @property
    def start(self) -> Position:
        """Where the object starts."""
        return Position(self.file, self.line, self.column)

    def at(self, *path: str | int) -> Position:
        """Find the place of a field.

        Args:
            path: Keys and indexes from the object's root. Where one is absent, the place of the
                last one that is there is returned.
        """
        if not path:
            return self.start
        node = _documents(self.text)[self.document]
        place = node.start_mark
        for step in (*self.path, *path):
            found = _step(node, step)
            if found is None:
                break
            key, node = found
            place = key.start_mark
        return Position(self.file, place.line + 1, place.column + 1)

    def value_at(self, *path: str | int) -> tuple[Position, bool]:
        """Find where the text of a scalar starts, and whether it is a block (``|`` or ``>``)."""
        node = _documents(self.text)[self.document]
        for step in (*self.path, *path):
            found = _step(node, step)
            if found is None:
                return self.at(*path), False
            node = found[1]
        block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        mark = node.start_mark
        return Position(self.file, mark.line + 1, mark.column + 1), block

    def in_text(self, path: tuple[str | int, ...], text: str, place: Position) -> Position:
        """Find a place of a scalar's text in the file that holds it.

        Args:
            path: Where the scalar is.
            text: What it says.
            place: Line and column in that text. In a scalar that is not a block, lines are not
                those of the file, and the scalar's start is returned.
        """
        at, block = self.value_at(*path)
        if not block:
            return at
        line = at.line + place.line
        indentation = _margin(self.text, line) - _margin(text, place.line)
        return Position(at.file, line, place.column + max(indentation, 0))


def _margin(text: str, line: int) -> int:
    """Return how many spaces a line of a text begins with; 0 if it has no such line."""
    lines = text.split("\n")
    found = lines[line - 1] if line <= len(lines) else ""
    return len(found) - len(found.lstrip(" "))


@lru_cache(maxsize=16)
def _documents(text: str) -> list[yaml.Node]:
    return list(yaml.compose_all(text, yaml.CSafeLoader))


def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                return key, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None
