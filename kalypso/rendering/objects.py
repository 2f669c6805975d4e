"""The objects of a manifest, and what in them makes Flux or Argo CD refuse the whole folder.

A cluster applies all files of its folder or none: one object without a name, or one that stands
twice, stops every workload there.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec
import yaml

from kalypso.model import MAX_LABEL, fault, shown
from kalypso.rendering.gone_versions import gone
from kalypso.rendering.identity import kinds_at_a_glance
from kalypso.rendering.nodes import (
    documents,
    is_list,
    is_null,
    is_text,
    items_of,
    members,
    objects,
    text_of,
)

_ANY_NAME = frozenset({"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"})
"""Kinds whose names may hold any character but a slash and a percent sign."""
_LABELLED = frozenset({"Namespace", "Service"})
"""Kinds whose names are a single label."""
_CLOSING = re.compile(r"[/%]")
_OF_OBJECTS = frozenset({"apiVersion", "kind", "metadata"})
_OF_TEXTS = "labels", "annotations"
"""What metadata holds as mappings of texts."""


class Refusal(msgspec.Struct, frozen=True):
    """One reason to refuse a manifest."""

    sentence: str
    line: int


def refusals(text: str) -> list[Refusal]:
    """List what makes a cluster refuse a manifest; empty if nothing does.

    Args:
        text: YAML that parses. A mapping that does not even begin to be an object is left alone:
            whoever delivers it may read it by other means.
    """
    found: list[Refusal] = []
    for document in documents(text):
        found += _repeated_keys(document)
        found += (each for node in objects(document) for each in _refusals_of(node))
    return found


def shapeless(text: str) -> bool:
    """Return whether a manifest holds a mapping that does not even begin to be an object."""
    if len(kinds_at_a_glance(text)) == text.count("\n---") + 1:
        return False
    mappings = (each for each in documents(text) if isinstance(each, yaml.MappingNode))
    return any(not members(each).keys() & _OF_OBJECTS for each in mappings)


def _refusals_of(node: yaml.Node) -> Iterator[Refusal]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        what = "a list" if isinstance(node, yaml.SequenceNode) else "text"
        yield Refusal(f"it holds {what} where an object has to be", line)
        return
    own = members(node)
    if not own.keys() & _OF_OBJECTS:
        return
    yield from _type_refusals(own, line)
    kind, items = text_of(own.get("kind")), items_of(node)
    if items is None:
        yield from _metadata_refusals(kind, own.get("metadata"), line)
    elif not isinstance(items, yaml.SequenceNode):
        yield Refusal(f"the items of the {kind} are not a list", items.start_mark.line + 1)


def _type_refusals(own: Mapping[str, yaml.Node], line: int) -> Iterator[Refusal]:
    """List what is wrong with the API version and the kind of an object."""
    for key in ("apiVersion", "kind"):
        value = own.get(key)
        if not isinstance(value, yaml.ScalarNode) or not value.value:
            yield Refusal(f"an object has no {key}", line)
        elif not is_text(value):
            yield Refusal(f"{key} is not text but {value.value}", value.start_mark.line + 1)
    version = own.get("apiVersion")
    if version is not None:
        written = text_of(version)
        wrong = gone(written, text_of(own.get("kind")))
        if written.count("/") > 1 or (written and not all(written.split("/"))):
            wrong = f"apiVersion is {shown(written)}, and not a version or a group and a version"
        if wrong:
            yield Refusal(wrong, version.start_mark.line + 1)


def _metadata_refusals(kind: str, metadata: yaml.Node | None, line: int) -> Iterator[Refusal]:
    what = f"the {kind}" if kind else "an object"
    own = members(metadata)
    name, namespace = own.get("name"), own.get("namespace")
    if name is None or not text_of(name):
        yield Refusal(f"{what} has no metadata.name", line)
    elif not is_text(name):
        yield Refusal(f"metadata.name is not text but {text_of(name)}", name.start_mark.line + 1)
    elif wrong := _name_fault(kind, text_of(name)):
        at = name.start_mark.line + 1
        yield Refusal(f"the name {shown(text_of(name))} of {what} {wrong}", at)
    if namespace is not None and text_of(namespace):
        wrong = _label_fault(text_of(namespace)) if is_text(namespace) else "is not text"
        if wrong:
            at = namespace.start_mark.line + 1
            yield Refusal(f"the namespace {shown(text_of(namespace))} of {what} {wrong}", at)
    for key in _OF_TEXTS:
        if key in own:
            yield from _not_texts(f"metadata.{key}", own[key], what)


def _not_texts(where: str, node: yaml.Node, what: str) -> Iterator[Refusal]:
    """List the values of a mapping of texts that are something else; null counts as none."""
    if is_null(node):
        return
    if not isinstance(node, yaml.MappingNode):
        yield Refusal(f"{where} of {what} is not a mapping", node.start_mark.line + 1)
    for key, value in members(node).items():
        if not is_text(value) and not is_null(value):
            found = text_of(value) or ("a list" if is_list(value) else "a mapping")
            sentence = f"{shown(key)} in {where} of {what} is not text but {found}"
            yield Refusal(sentence, value.start_mark.line + 1)


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
