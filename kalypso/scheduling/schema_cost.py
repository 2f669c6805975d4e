"""Whether a JSON Schema is cheap to check, told from its text.

A schema is cheap if it has few members once its references are followed, and no long patterns:
matching takes linear time, and what a long one repeats takes memory. Such schemas are checked in
this process; the others where they can be ended
(:mod:`kalypso.scheduling.schema_process`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

MOST = 500
"""Members of a cheap schema; each is looked at for every value, at worst."""
_LONG_PATTERN = 200
_REPEATED = re.compile(r"\{[0-9, ]*[0-9]{2}")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def is_cheap(body: object) -> bool:
    """Return whether checking values with a schema takes little time, whatever the values are."""
    try:
        return _Counter(body).cost(body) <= MOST
    except (RecursionError, _TooMuchError):
        return False


class _TooMuchError(Exception):
    """There is no need to count further."""


class _Counter:
    def __init__(self, root: object) -> None:
        self._root = root
        self._known: dict[str, int] = {}
        """Cost by reference; one that is being counted costs too much."""

    def cost(self, node: object) -> int:
        if isinstance(node, Mapping):
            total = 1 + sum(self._member(key, value) for key, value in node.items())
        elif isinstance(node, list):
            total = 1 + sum(map(self.cost, node))
        else:
            total = 1
        if total > MOST:
            raise _TooMuchError
        return total

    def _member(self, key: object, value: object) -> int:
        if key in _REFERENCES:
            return self._reference(value)
        if key == "pattern":
            return _pattern(value)
        if key == "patternProperties" and isinstance(value, Mapping):
            return sum(_pattern(pattern) for pattern in value) + self.cost(value)
        return self.cost(value)

    def _reference(self, name: object) -> int:
        if not isinstance(name, str) or not name.startswith("#"):
            return MOST  # refused anyway, or hard to follow
        known = self._known.get(name)
        if known is None:
            self._known[name] = MOST + 1
            known = self._known[name] = self.cost(self._target(name))
        return known

    def _target(self, name: str) -> object:
        node = self._root
        for part in unquote(name[1:]).split("/")[1:]:
            step = part.replace("~1", "/").replace("~0", "~")
            if isinstance(node, Mapping):
                node = node.get(step)
            elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
                node = node[int(step)]
            else:
                return None
        # An anchor, which only the validator resolves.
        return node if name[1:2] in ("", "/") else self._root


def _pattern(text: object) -> int:
    if not isinstance(text, str):
        return 1
    if len(text) > _LONG_PATTERN or _REPEATED.search(text):
        return MOST + 1
    return 2
