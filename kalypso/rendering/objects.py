"""The objects of a manifest, and what in them makes Flux or Argo CD refuse the whole folder.

A cluster applies all files of its folder or none: one object without a name, or one that stands
twice, stops every workload there.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from kalypso.model import MAX_LABEL, fault, shown
from kalypso.rendering.gone_versions import gone

_ANY_NAME = frozenset({"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"})
"""Kinds whose names may hold any character but a slash and a percent sign."""
_LABELLED = frozenset({"Namespace", "Service"})
"""Kinds whose names are a single label."""
_CLOSING = re.compile(r"[/%]")
_METADATA = "\nmetadata:\n"
_TEXTS = "apiVersion", "kind"
_OF_OBJECTS = frozenset({"apiVersion", "kind", "metadata"})


@dataclass(frozen=True, slots=True)
class Found:
    """An object of a manifest, as far as it says what it is."""

    kind: str
    group: str
    namespace: str
    name: str
    line: int
    """Of the manifest, counted from 1."""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What may stand only once in the folder of a cluster type."""
        return (self.group, self.kind, self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse a manifest."""

    sentence: str
    line: int


def refusals(text: str) -> list[Refusal]:
    """List what makes a cluster refuse a manifest; empty if nothing does.

    Args:
        text: YAML that parses. A mapping that does not even begin to be an object is left alone:
            whoever delivers it may read it by other means.
    """
    return [each for node in _nodes(text) for each in _refusals_of(node)]


def found_objects(text: str) -> list[Found]:
    """Return the objects of a manifest that have a kind and a name."""
    found = (_found(node) for node in _nodes(text))
    return [each for each in found if each is not None]


def shapeless(text: str) -> bool:
    """Return whether a manifest holds a mapping that does not even begin to be an object."""
    if _is_plain(text):
        return False
    mappings = (each for each in _nodes(text) if isinstance(each, yaml.MappingNode))
    return any(not _members(each).keys() & _OF_OBJECTS for each in mappings)


def may_repeat(texts: list[str]) -> bool:
    """Return whether manifests may hold an object twice, told at a glance: by their kinds."""
    kinds: list[str] = []
    for text in texts:
        found = _kinds(text)
        if len(found) < text.count("\n---") + 1:
            return True
        kinds += found
    return len(set(kinds)) < len(kinds)


def glance(text: str) -> list[tuple[str, str, str]] | None:
    """Read kind, namespace and name of objects that are written line by line.

    Returns:
        One for each document; None if they have to be read as YAML.
    """
    found: list[tuple[str, str, str]] = []
    for document in f"\n{text}".split("\n---"):
        kinds, start = _kinds(document), document.find(_METADATA)
        if len(kinds) != 1 or start < 0:
            if document.strip():
                return None
            continue
        own = _lines_of(document[start + len(_METADATA) :])
        if "name" not in own:
            return None
        found.append((kinds[0], own.get("namespace", ""), own["name"]))
    return found


def _kinds(text: str) -> list[str]:
    """Return what stands behind ``kind:`` at the beginning of lines."""
    parts = f"\n{text}".split("\nkind:")
    return [part.partition("\n")[0].strip(" \t\"'") for part in parts[1:]]


def _lines_of(block: str) -> dict[str, str]:
    """Return name and namespace of the mapping that a text begins with."""
    own: dict[str, str] = {}
    indent = block[: len(block) - len(block.lstrip(" "))]
    for line in block.split("\n"):
        if not line.startswith(indent) or not indent:
            break
        key, colon, value = line[len(indent) :].partition(":")
        if colon and key in ("name", "namespace"):
            own[key] = value.strip(" \t\"'")
            if len(own) == 2:  # noqa: PLR2004  # both of them
                break
    return own


def _is_plain(text: str) -> bool:
    return len(_kinds(text)) == text.count("\n---") + 1


def _nodes(text: str) -> Iterator[yaml.Node]:
    for node in yaml.compose_all(text, yaml.CSafeLoader):
        empty = isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")
        empty = empty or (not isinstance(node, yaml.ScalarNode) and not node.value)
        if not empty:
            yield node


def _refusals_of(node: yaml.Node) -> Iterator[Refusal]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        what = "a list" if isinstance(node, yaml.SequenceNode) else "text"
        yield Refusal(f"it holds {what} where an object has to be", line)
        return
    yield from _repeated_keys(node)
    members = _members(node)
    if not members.keys() & _OF_OBJECTS:
        return
    for key in _TEXTS:
        value = members.get(key)
        if not isinstance(value, yaml.ScalarNode) or not value.value:
            yield Refusal(f"an object has no {key}", line)
    kind, version = _text(members.get("kind")), members.get("apiVersion")
    if version is not None and (sentence := gone(_text(version), kind)):
        yield Refusal(sentence, version.start_mark.line + 1)
    if kind.endswith("List") and "items" in members:
        items = members["items"]
        for item in items.value if isinstance(items, yaml.SequenceNode) else ():
            yield from _refusals_of(item)
        return
    yield from _name_refusals(kind, members.get("metadata"), line)


def _name_refusals(kind: str, metadata: yaml.Node | None, line: int) -> Iterator[Refusal]:
    what = f"the {kind}" if kind else "an object"
    if not isinstance(metadata, yaml.MappingNode):
        yield Refusal(f"{what} has no metadata.name", line)
        return
    members = _members(metadata)
    name, namespace = members.get("name"), members.get("namespace")
    if name is None or not _text(name):
        yield Refusal(f"{what} has no metadata.name", line)
    elif not _is_text(name):
        yield Refusal(f"metadata.name is not text but {_text(name)}", name.start_mark.line + 1)
    elif wrong := _name_fault(kind, name.value):
        at = name.start_mark.line + 1
        yield Refusal(f"the name {shown(name.value)} of {what} {wrong}", at)
    if namespace is not None and _text(namespace):
        wrong = _label_fault(_text(namespace)) if _is_text(namespace) else "is not text"
        if wrong:
            at = namespace.start_mark.line + 1
            yield Refusal(f"the namespace {shown(_text(namespace))} of {what} {wrong}", at)


def _name_fault(kind: str, name: str) -> str:
    if kind in _ANY_NAME:
        return "may hold no '/' and no '%'" if _CLOSING.search(name) or name in (".", "..") else ""
    return _label_fault(name) if kind in _LABELLED else fault("dns1123subdomain", name)


def _label_fault(name: str) -> str:
    """Say what is wrong with a label but its length: names that are made of others may be long.

    Assignments that differ in their names only are checked once, so length cannot be judged here;
    that of a namespace is judged where it is made.
    """
    return fault("dns1123subdomain" if len(name) > MAX_LABEL else "dns1123label", name)


def _repeated_keys(node: yaml.Node) -> Iterator[Refusal]:
    """List keys that stand twice in a mapping, at any depth; a key has the type of its value."""
    waiting, seen_nodes = [node], set[int]()
    while waiting:
        part = waiting.pop()
        if id(part) in seen_nodes or isinstance(part, yaml.ScalarNode):
            continue
        seen_nodes.add(id(part))
        if isinstance(part, yaml.SequenceNode):
            waiting += part.value
            continue
        seen: set[tuple[str, str]] = set()
        for key, value in part.value:
            waiting.append(value)
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    sentence = f"the key {shown(key.value)} is defined twice in one mapping"
                    yield Refusal(sentence, key.start_mark.line + 1)
                seen.add((key.tag, key.value))


def _members(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _text(node: yaml.Node | None) -> str:
    scalar = isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null")
    return str(node.value) if scalar and node is not None else ""


def _is_text(node: yaml.Node) -> bool:
    """Return whether Flux takes a scalar for text; it does so with ``on`` and ``yes``."""
    if not isinstance(node, yaml.ScalarNode):
        return False
    if node.tag.endswith(":bool"):
        return node.value.lower() not in ("true", "false")
    return not node.tag.endswith((":int", ":float", ":null"))


def _found(node: yaml.Node) -> Found | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    members = _members(node)
    metadata = members.get("metadata")
    own = _members(metadata) if isinstance(metadata, yaml.MappingNode) else {}
    kind, name = _text(members.get("kind")), _text(own.get("name"))
    if not kind or not name:
        return None
    group = _text(members.get("apiVersion")).rpartition("/")[0]
    return Found(kind, group, _text(own.get("namespace")), name, node.start_mark.line + 1)
