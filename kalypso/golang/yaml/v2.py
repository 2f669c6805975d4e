"""Reads YAML as Go's yaml.v2 does: which values the texts of a ConfigMap become.

PyYAML finds the nodes; what a scalar means is decided here, because PyYAML follows YAML 1.1 in
other places than yaml.v2: ``y`` is a bool, ``1e3`` a float and ``1:30`` a text in Go only.

Source: yaml.v2 v2.4.0, decode.go and resolve.go.
"""

from __future__ import annotations

import base64
import binascii
from functools import cache
from typing import Any, Final

import msgspec
import yaml

from kalypso.golang.bytestrings import from_bytes
from kalypso.golang.values import AnyMap, Value, map_key
from kalypso.golang.yaml.resolve import OLD_BOOLS, resolve

_TAG: Final = "tag:yaml.org,2002:"
_STR, _BINARY, _FLOAT = f"{_TAG}str", f"{_TAG}binary", f"{_TAG}float"
_RESOLVED: Final = {f"{_TAG}{name}" for name in ("bool", "int", "float", "null", "timestamp")}
_IMPLICIT: Final = f"{_TAG}implicit"
_MERGE_TAGS: Final = (_IMPLICIT, f"{_TAG}merge")
_MAX_DEPTH: Final = 100
_FREE_ALIASES: Final = 100
_FREE_NODES: Final = 1000
_ALIAS_SHARE: Final = 0.99
_MAX_NODES: Final = 400_000


class YAMLError(ValueError):
    """The text is not YAML that yaml.v2 reads; the message is one sentence."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line
        """Counted from 1; 0 if no line is to blame."""


def decode(text: str, *, old_bools: bool = True) -> Value:
    """Return the value of the first document; nil for an empty text.

    Args:
        text: The YAML.
        old_bools: Whether ``yes``, ``off`` and the other words of YAML 1.1 are bools, as yaml.v2
            has it; text otherwise, as in all later versions.

    Laxer than yaml.v2 in three places: an escaped slash and ``%YAML 1.2`` are read, and
    the tag ``!`` alone is ignored.

    Mappings become :class:`~kalypso.golang.values.AnyMap` with keys of any scalar type,
    sequences lists, timestamps stay texts.

    Raises:
        YAMLError: The text is not YAML, a merge key has no map, a key is a list or map, or
            aliases blow the document up.
    """
    loader = _loader_class()(text)
    try:
        node = loader.get_node() if loader.check_node() else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise YAMLError(str(problem), mark.line + 1 if mark else 0) from None
    except RecursionError:
        raise YAMLError("document is nested too deep") from None
    finally:
        loader.dispose()
    return None if node is None else _Decoder(old_bools=old_bools).value(node, 0)


@cache
def _loader_class() -> Any:
    base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

    class Loader(base):  # type: ignore[misc]  # PyYAML's loader has no static type
        """Tags plain scalars without a tag, so that they can be told from quoted ones."""

        def resolve(self, kind: type, _value: str, implicit: Any) -> str:
            if kind is yaml.ScalarNode:
                return _IMPLICIT if implicit[0] else _STR
            return f"{_TAG}{'seq' if kind is yaml.SequenceNode else 'map'}"

    return Loader


class _Decoder(msgspec.Struct):
    """Counts nodes, those seen again through aliases apart."""

    old_bools: bool = True
    count: int = 0
    repeated: int = 0
    seen: set[int] = msgspec.field(default_factory=set)
    open: set[int] = msgspec.field(default_factory=set)

    def value(self, node: yaml.Node, depth: int) -> Value:
        self.check(node, depth)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node, old_bools=self.old_bools)
        self.open.add(id(node))
        found: Value
        if isinstance(node, yaml.SequenceNode):
            found = [self.value(item, depth + 1) for item in node.value]
        else:
            found = AnyMap()
            self.fill(found, node, depth)
        self.open.discard(id(node))
        return found

    def check(self, node: yaml.Node, depth: int) -> None:
        self.count += 1
        self.repeated += id(node) in self.seen
        self.seen.add(id(node))
        line = node.start_mark.line + 1
        if id(node) in self.open:
            raise YAMLError("an anchor's value contains itself", line)
        if depth > _MAX_DEPTH:
            raise YAMLError("document is nested too deep", line)
        many = self.repeated > _FREE_ALIASES and self.count > _FREE_NODES
        if (many and self.repeated > self.count * _ALIAS_SHARE) or self.count > _MAX_NODES:
            raise YAMLError("document contains excessive aliasing", line)

    def fill(self, found: AnyMap, node: yaml.Node, depth: int) -> None:
        for key_node, item_node in node.value:
            if _is_merge(key_node):
                self.merge(found, item_node, depth)
                continue
            key = self.value(key_node, depth + 1)
            if isinstance(key, (list, dict)):
                raise YAMLError("invalid map key", key_node.start_mark.line + 1)
            item = self.value(item_node, depth + 1)
            found[map_key(key)] = item

    def merge(self, found: AnyMap, node: yaml.Node, depth: int) -> None:
        sources = [node]
        if isinstance(node, yaml.SequenceNode):
            sources = list(reversed(node.value))
        for source in sources:
            if not isinstance(source, yaml.MappingNode):
                raise YAMLError(
                    "map merge requires map or sequence of maps as the value",
                    source.start_mark.line + 1,
                )
            self.check(source, depth)
            self.open.add(id(source))
            self.fill(found, source, depth + 1)
            self.open.discard(id(source))


def _is_merge(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == "<<" and node.tag in _MERGE_TAGS


def _scalar(node: yaml.ScalarNode, *, old_bools: bool) -> Value:
    text, tag = node.value, node.tag
    if tag == _IMPLICIT and text in OLD_BOOLS and not old_bools:
        return text
    if tag == _IMPLICIT:
        return resolve(text, version=2)[1]
    if tag == _BINARY:
        return _binary(node)
    if tag not in _RESOLVED:
        return text
    known, value = resolve(text, version=2)
    long = f"{_TAG}{known[2:]}"
    if long == tag:
        return value
    if tag == _FLOAT and known == "!!int":
        return float(value)
    raise YAMLError(
        f"cannot decode {known} `{text}` as a !!{tag.removeprefix(_TAG)}",
        node.start_mark.line + 1,
    )


def _binary(node: yaml.ScalarNode) -> str:
    plain = node.value.replace("\r", "").replace("\n", "")
    try:
        return from_bytes(base64.b64decode(plain, validate=True))
    except (binascii.Error, ValueError):
        raise YAMLError(
            "!!binary value contains invalid base64 data", node.start_mark.line + 1
        ) from None
