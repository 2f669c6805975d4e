"""Rendered YAML is checked before it is delivered, once for each shape.

Where an application team's text is of a harmless form (a URL, a path, a name), two manifests that
differ in nothing else are equally good YAML and of the same structure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import yaml

from kalypso.model import too_deep_at
from kalypso.rendering.nodes import is_text
from kalypso.rendering.structure import Structure

Own = tuple[str, bool]
"""A text by which an assignment differs from others; True if it is one of its names."""

_HARMLESS = re.compile(r"[A-Za-z./][A-Za-z0-9_./@+~-]*(?::[A-Za-z0-9_./@+~-]+)*")
_NAME = "\0"
_TEXT = "\1"
_OTHER = "\2"
_MARKS = (_NAME, _TEXT, _OTHER)
_ODD = "\3"
"""Begins the shapes of texts that hold marks themselves: none of them is YAML."""
_FEWEST = 3
"""Characters of a text below which it is not looked for: it would be found all over a manifest."""
_WORDS = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", ".nan", ".inf"}
)
_LABELLED = re.compile(r"^ *(?:labels|annotations) *:", re.MULTILINE)
_MAY_BE_OTHER = re.compile(
    r": *(?:$|[-+]?\.?(?:[0-9]|inf|nan)|[\[{&*!]|true|false|null|~)",
    re.MULTILINE | re.IGNORECASE,
)
"""Finds, at a glance, blocks that may have a value which is not text."""
_RESOLVER = yaml.resolver.Resolver()


def is_harmless(text: str) -> bool:
    """Return whether a text is a plain scalar, which YAML reads as text wherever it stands."""
    long = len(text) >= _FEWEST
    return long and _HARMLESS.fullmatch(text) is not None and text.lower() not in _WORDS


class ShapeCache:
    """Remembers the shapes of manifests that were found to be good."""

    def __init__(self) -> None:
        self._good: set[str] = set()
        self.fixed: set[str] = set()
        """Texts that occur in keys, kinds or names of some manifest: they stay in all shapes."""

    def shape(self, text: str, own: Iterable[Own], blocks: Sequence[str]) -> str:
        """Return a manifest without what may differ between manifests that are equally good.

        Args:
            text: The rendered manifest.
            own: Harmless texts in it that belong to the one assignment, longest first.
            blocks: Block mappings in it that are well-formed by themselves; those that fill whole
                lines count as any other mapping with the same indentation, but for keys that stand
                beside them as well, and for whether all their values are texts.
        """
        if any(mark in text for mark in _MARKS):
            return f"{_ODD}{text}"
        shape = text
        for block in reversed(blocks):
            if block in shape and not _says_what_it_is(block):
                shape = _without(shape, block)
        for each, is_name in own:
            if each not in self.fixed:
                shape = shape.replace(each, _NAME if is_name else _TEXT)
        return shape

    def knows(self, shape: str) -> bool:
        """Return whether a manifest of this shape was good."""
        return shape in self._good

    def fix(self, own: Sequence[Own], found: Structure) -> None:
        """Keep texts in all shapes from now on that occur in the structure of a manifest.

        An assignment's names may identify its objects; other texts of a team may not.
        """
        words = found.words()
        names = [_without_names(name, own) for name in found.names()]
        self.fixed |= {
            each
            for each, is_name in own
            if any(each in word for word in words)
            or (not is_name and any(each in name for name in names))
        }

    def add(self, shape: str) -> None:
        """Remember that a manifest of this shape is good."""
        self._good.add(shape)


def _without_names(text: str, own: Iterable[Own]) -> str:
    for each, is_name in own:
        if is_name:
            text = text.replace(each, _NAME)
    return text


def _says_what_it_is(block: str) -> bool:
    """Return whether a block may be judged by more than its form."""
    if "kind" in block:
        return True
    # Words are found a hundred times as fast as lines.
    may_be = "labels" in block or "annotations" in block
    return may_be and _LABELLED.search(block) is not None


@lru_cache(maxsize=1 << 12)
def _all_text(block: str) -> bool:
    """Return whether the values of a block mapping are texts, as labels have to be."""
    if not _MAY_BE_OTHER.search(block):
        return True
    depth = place = 0
    for event in yaml.parse(block, yaml.CSafeLoader):
        if isinstance(event, yaml.ScalarEvent):
            if place % 2 and not is_text(_scalar(event)):
                return False
            place += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            if depth:
                return False
            depth = 1
        elif isinstance(event, yaml.AliasEvent):
            return False
    return True


def _scalar(event: yaml.ScalarEvent) -> yaml.ScalarNode:
    tag = event.tag
    if not tag:
        tag = _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
    return yaml.ScalarNode(tag, event.value)


def _without(text: str, block: str) -> str:
    start = text.find(block)
    end = start + len(block)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" ") or text[end : end + 1] not in ("", "\n"):
        return text
    indent = block[: len(block) - len(block.lstrip(" "))]
    rest = f"{text[:start]}{indent}k: v\n{indent}l: w{text[end:]}"
    beside = re.findall(rf"^{indent}([^\s:][^:\n]*:)", rest, re.MULTILINE)
    twice = [key for key in beside if f"\n{indent}{key}" in f"\n{block}"]
    return f"{rest}{''.join(twice)}{'' if _all_text(block) else _OTHER}"


def parse_fault(text: str) -> tuple[str, int] | None:
    """Return what is wrong with a text of YAML and in which of its lines, or None."""
    deep = too_deep_at(text)
    if deep is not None:
        return "it is nested too deep", text.count("\n", 0, deep) + 1
    try:
        return _loose_alias(yaml.parse(text, yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return error.problem or "it cannot be parsed", mark.line + 1 if mark else 1
    except yaml.reader.ReaderError as error:
        return f"the character {error.character!r} is not allowed", 1


def _loose_alias(events: Iterable[yaml.Event]) -> tuple[str, int] | None:
    """Return the first alias of something that its document has not named before, or None."""
    anchors: set[str] = set()
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            anchors.clear()
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:
                line = event.start_mark.line + 1 if event.start_mark else 1
                return f"the alias *{event.anchor} has no anchor &{event.anchor} before it", line
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            anchors.add(event.anchor)
    return None
