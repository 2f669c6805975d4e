"""A manifest as nodes of YAML: its objects, their members, and which scalars are text to Flux."""

from __future__ import annotations

from collections.abc import Iterator

import yaml


class _Renaming(yaml.SafeLoader):
    """Lets a name be given to something else further on, as YAML does and PyYAML does not."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if not self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
            self.anchors.pop(event.anchor, None)
        return super().compose_node(parent, index)


def documents(text: str) -> Iterator[yaml.Node]:
    """Yield the documents of a text of YAML that hold something."""
    try:
        found = list(yaml.compose_all(text, yaml.CSafeLoader))
    except yaml.composer.ComposerError:
        found = list(yaml.compose_all(text, _Renaming))
    for node in found:
        empty = not isinstance(node, yaml.ScalarNode) and not node.value
        if not empty and not is_null(node):
            yield node


def members(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Return the values of a mapping by key; nothing for another node."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def objects(document: yaml.Node) -> Iterator[yaml.Node]:
    """Yield a document and, if it is a list of objects, what is in it, in order.

    A list is followed once, so that one which holds itself has an end.
    """
    waiting, followed = [document], set[int]()
    while waiting:
        node = waiting.pop()
        items = items_of(node)
        if items is None:
            yield node
        elif id(node) not in followed:
            followed.add(id(node))
            yield node
            waiting += reversed(items.value if isinstance(items, yaml.SequenceNode) else [])


def items_of(node: yaml.Node) -> yaml.Node | None:
    """Return what a list of objects holds; None for another object."""
    own = members(node)
    return own.get("items") if text_of(own.get("kind")).endswith("List") else None


def text_of(node: yaml.Node | None) -> str:
    """Return a scalar as it is written; nothing for null, and for what is not a scalar."""
    scalar = isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null")
    return str(node.value) if scalar and node is not None else ""


def is_list(node: yaml.Node) -> bool:
    """Return whether a node is a list."""
    return isinstance(node, yaml.SequenceNode)


def is_null(node: yaml.Node) -> bool:
    """Return whether a node is null, however it is written."""
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")


def is_text(node: yaml.Node) -> bool:
    """Return whether Flux takes a scalar for text; it does so with ``on`` and ``yes``."""
    if not isinstance(node, yaml.ScalarNode):
        return False
    if node.tag.endswith(":bool"):
        return node.value.lower() not in ("true", "false")
    return not node.tag.endswith((":int", ":float", ":null"))
