"""Rendered YAML is checked before it is delivered: it parses, and no value broke out of its place.

A manifest is parsed once for each shape: where an application team's text is of a harmless form
(a URL, a path, a name), two manifests that differ in nothing else are equally good YAML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import yaml

from kalypso.model import too_deep_at

_HARMLESS = re.compile(r"[A-Za-z./][A-Za-z0-9_./@+~-]*(?::[A-Za-z0-9_./@+~-]+)*")
_PLAIN = re.compile(r"[A-Za-z0-9_./@+~:=-]*")
_WORDS = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", ".nan", ".inf"}
)


@lru_cache(maxsize=1 << 16)
def is_harmless(text: str) -> bool:
    """Tell whether a text is a plain scalar, which YAML reads as text wherever it stands."""
    return _HARMLESS.fullmatch(text) is not None and text.lower() not in _WORDS


def is_plain(text: str) -> bool:
    """Tell whether a text can neither end a scalar nor begin another, wherever it stands."""
    return _PLAIN.fullmatch(text) is not None and not text.endswith(":")


class ShapeCache:
    """Remembers the shapes that were found to be good YAML."""

    def __init__(self) -> None:
        self._good: set[str] = set()

    def fault(self, text: str, own: Sequence[str], blocks: Sequence[str]) -> tuple[str, int] | None:
        """Return what is wrong with a manifest and in which of its lines, or None.

        Args:
            text: The rendered manifest.
            own: Harmless texts in it that belong to the one assignment, longest first.
            blocks: Block mappings in it that are well-formed by themselves; those that fill whole
                lines count as any other mapping with the same indentation.
        """
        shape = text
        for block in reversed(blocks):
            shape = _without(shape, block)
        for each in own:
            shape = shape.replace(each, "\0")
        if shape in self._good:
            return None
        found = _parse_fault(text)
        if found is None:
            self._good.add(shape)
        return found


def _without(text: str, block: str) -> str:
    start = text.find(block)
    if start < 0:
        return text
    end = start + len(block)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" ") or text[end : end + 1] not in ("", "\n"):
        return text
    indent = block[: len(block) - len(block.lstrip(" "))]
    return f"{text[:start]}{indent}k: v\n{indent}l: w{text[end:]}"


def _parse_fault(text: str) -> tuple[str, int] | None:
    deep = too_deep_at(text)
    if deep is not None:
        return "it is nested too deep", text.count("\n", 0, deep) + 1
    try:
        for _ in yaml.parse(text, yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return error.problem or "it cannot be parsed", mark.line + 1 if mark else 1
    except yaml.reader.ReaderError as error:
        return f"the character {error.character!r} is not allowed", 1
    return None


def skeleton(text: str) -> object:
    """Return documents and keys without their values; None if the text is no YAML, or too deep."""
    if too_deep_at(text) is not None:
        return None
    try:
        return [_keys(node) for node in yaml.compose_all(text, yaml.CSafeLoader)]
    except yaml.YAMLError:
        return None


def _keys(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return sorted((str(key.value), repr(_keys(value))) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_keys(item) for item in node.value]
    return "scalar"
