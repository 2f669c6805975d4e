"""YAML documents of a file, read as clusters get them from Flux, with bounds on hostile input.

Flux reads files with kustomize and hands them on as JSON. Scalars mean what yaml.v2 takes them for,
but ``yes``, ``off`` and the other words that only YAML 1.1 takes for bools are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import msgspec
import yaml
from yaml._yaml import CParser

from kalypso.errors import LoadError, Position
from kalypso.golang.yaml.resolve import OLD_BOOLS, resolve
from kalypso.loading.budget import Budget
from kalypso.loading.indentation import wrong_indentation
from kalypso.loading.separators import check_separators, without_marks
from kalypso.model import MAX_DEPTH, Origin, shown, too_deep_at

MAX_FILE = 1 << 20
"""Bytes of one file."""
MAX_NODES = 200_000
"""Values of one document after its aliases are followed: a bomb of aliases stops here."""
_MAX_DOCUMENTS = 10_000

_PLAIN = "plain"
_STR = "tag:yaml.org,2002:str"
_STANDARD = "tag:yaml.org,2002:"
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Document(msgspec.Struct, frozen=True):
    """One document that is not empty: its value and where it stands."""

    value: Any
    """Mappings with text keys, lists, text, int, float, bool or None."""
    origin: Origin


class _Composer(CParser):
    """PyYAML's C parser without PyYAML's scalar rules: which rules hold is decided later."""

    def descend_resolver(self, _parent: object, _index: object) -> None:
        """Needed by the parser; rules here do not depend on the path."""

    def ascend_resolver(self) -> None:
        """Needed by the parser; rules here do not depend on the path."""

    def resolve(self, kind: type[yaml.Node], _value: object, implicit: object) -> str:
        """Mark scalars without quotes."""
        if kind is yaml.ScalarNode:
            return _PLAIN if cast("tuple[bool, bool]", implicit)[0] else _STR
        return "map" if kind is yaml.MappingNode else "seq"


def read_documents(
    file: str, content: bytes, budget: Budget | None = None, *, old_bools: bool = False
) -> Iterator[Document]:
    """Read the documents of one YAML file; empty ones are passed over.

    Args:
        file: How messages name the file.
        content: Its bytes.
        budget: What all files of its source may hold together.
        old_bools: Whether ``yes``, ``off`` and their like are bools, as where kustomize reads a
            kustomization itself, and not the objects that it passes on.

    Raises:
        LoadError: The file is not UTF-8 or not YAML, has a key twice, or passes one of the bounds.
    """
    _check_bounds(file, content)
    text = without_marks(_decode(file, content))
    deep = too_deep_at(text)
    if deep is not None:
        raise _too_deep(Position(file, text.count("\n", 0, deep) + 1))
    check_separators(file, text)
    try:
        nodes = list(_compose(file, text))
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(file, error, text) from None
    except yaml.reader.ReaderError as error:
        line, column = _line_of(text, error.position)
        at = Position(file, line, column)
        raise LoadError(
            f"the character {_character(error.character)} is not allowed in YAML",
            at,
            code="yaml-syntax",
        ) from None
    for index, node in enumerate(nodes):
        if isinstance(node, yaml.ScalarNode) and node.tag == _PLAIN and not node.value:
            continue
        mark = node.start_mark
        origin = Origin(file, text, index, mark.line + 1, mark.column + 1)
        converter = _Converter(file, old_bools=old_bools)
        document = Document(converter.convert(node), origin)
        if budget is not None:
            budget.spend_values(converter.converted, origin.start)
        yield document


def _check_bounds(file: str, content: bytes) -> None:
    if len(content) > MAX_FILE:
        raise LoadError(
            f"the file has {len(content):,} bytes, more than {MAX_FILE:,}",
            Position(file),
            "split it, or leave it out with .sourceignore",
            code="file-too-large",
        )


def _too_deep(at: Position) -> LoadError:
    return LoadError(
        f"mappings and lists are nested more than {MAX_DEPTH} deep", at, code="yaml-too-deep"
    )


def _decode(file: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise LoadError(
            "the file is not UTF-8 text", Position(file, line, column), code="not-utf8"
        ) from None


def _compose(file: str, text: str) -> Iterator[yaml.Node]:
    parser = _Composer(text)
    try:
        for _ in range(_MAX_DOCUMENTS):
            if not parser.check_node():
                return
            yield cast("yaml.Node", parser.get_node())
        if parser.check_node():
            line = cast("yaml.Node", parser.get_node()).start_mark.line + 1
            raise LoadError(
                f"the file has more than {_MAX_DOCUMENTS:,} documents",
                Position(file, line),
                "split it",
                code="file-too-large",
            )
    finally:
        parser.dispose()


def _syntax_error(file: str, error: yaml.MarkedYAMLError, text: str) -> LoadError:
    mark = error.problem_mark or error.context_mark
    at = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file)
    sentence = error.problem or error.context or "it cannot be parsed"
    if error.context and error.problem:
        sentence = f"{error.problem} {error.context}"
    hint = wrong_indentation(text, at.line, _parses)
    return LoadError(f"this is not YAML: {sentence}", at, hint, code="yaml-syntax")


def _parses(text: str) -> bool:
    try:
        return all(True for _ in _compose("", text))
    except (yaml.YAMLError, LoadError):
        return False


def _character(found: str | int) -> str:
    return f"U+{found if isinstance(found, int) else ord(found):04X}"


def _line_of(text: str, position: int) -> tuple[int, int]:
    before = _LINE_BREAK.split(text[:position])
    return len(before), len(before[-1]) + 1


class _Converter:
    """Turns the nodes of one document into values."""

    def __init__(self, file: str, *, old_bools: bool) -> None:
        self._file = file
        self._texts = frozenset[str]() if old_bools else OLD_BOOLS
        self._left = MAX_NODES

    @property
    def converted(self) -> int:
        """How many values there were so far."""
        return MAX_NODES - self._left

    def convert(self, node: yaml.Node, depth: int = 0) -> object:
        self._left -= 1
        if self._left < 0:
            raise LoadError(
                f"the document has more than {MAX_NODES:,} values once its aliases are followed",
                self._at(node),
                code="yaml-too-large",
            )
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if depth >= MAX_DEPTH:
            raise _too_deep(self._at(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        return [self.convert(item, depth + 1) for item in node.value]

    def _scalar(self, node: yaml.ScalarNode) -> object:
        text: str = node.value
        if node.tag == _STR or (node.tag == _PLAIN and text in self._texts):
            return text
        if node.tag == _PLAIN:
            return resolve(text, version=2)[1]
        tag = node.tag.removeprefix(_STANDARD)
        value = resolve(text, version=2)[1]
        kinds: dict[str, type] = {"int": int, "bool": bool, "null": type(None)}
        if tag == "float" and isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if tag in kinds and isinstance(value, kinds[tag]):
            return value
        raise LoadError(
            f"the tag {shown(node.tag)} does not fit here", self._at(node), code="yaml-tag"
        )

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        places: dict[str, yaml.Node] = {}
        merged: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise LoadError("a key is not text", self._at(key), code="yaml-key")
            name: str = key.value
            if name == "<<" and key.tag == _PLAIN:
                merged |= self._merged(item, depth)
                continue
            if name in places:
                first = self._at(places[name])
                raise LoadError(
                    f"the key {shown(name)} is defined twice in one mapping,"
                    f" first in line {first.line}",
                    self._at(key),
                    code="duplicate-key",
                )
            places[name] = key
            values[name] = self.convert(item, depth + 1)
        return merged | values if merged else values

    def _merged(self, node: yaml.Node, depth: int) -> dict[str, Any]:
        value = self.convert(node, depth + 1)
        sources = value if isinstance(value, list) else [value]
        result: dict[str, Any] = {}
        for source in reversed(sources):
            if not isinstance(source, dict):
                raise LoadError("'<<' merges mappings only", self._at(node), code="yaml-key")
            result |= source
        return result

    def _at(self, node: yaml.Node) -> Position:
        return Position(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
