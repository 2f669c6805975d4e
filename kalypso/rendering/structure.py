"""What a manifest is, apart from what it says: its documents, kinds, names, namespaces and keys.

An application team's text may change what a manifest says. Two renderings, one with the team's
texts and one with inert ones in their places, have to be of the same structure.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import msgspec
import yaml

from kalypso.golang.bytestrings import is_valid
from kalypso.model import too_deep_at

_IDENTITY = {
    "object": frozenset({"apiVersion", "kind"}),
    "metadata": frozenset({"name", "namespace", "generateName"}),
}
"""Whose values belong to the structure, by the role of the mapping that they stand in."""
_ROLES = {("object", "metadata"): "metadata", ("object", "items"): "items"}

Token = tuple[str, ...]


class Structure(msgspec.Struct, frozen=True):
    """What a text of YAML is."""

    tokens: tuple[Token, ...]
    """Documents, lists, mappings, keys and what identifies objects, in order."""
    kinds: tuple[str, ...]
    """The kind of every object, empty for one without; documents that are empty do not count."""

    def names(self) -> set[str]:
        """Return the names and namespaces of the objects."""
        return {token[2] for token in self.tokens if token[0] == "metadata"}

    def words(self) -> set[str]:
        """Return all other texts that belong to the structure."""
        return {text for token in self.tokens if token[0] != "metadata" for text in token[1:]}


def structure(text: str) -> Structure | None:
    """Return the structure of a manifest; None if it is not YAML, or too deep."""
    if not is_valid(text) or too_deep_at(text) is not None:
        return None
    reader = _Reader()
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            reader.take(event)
    except yaml.YAMLError:
        return None
    return Structure(tuple(reader.tokens), tuple(reader.kinds))


class _Frame(msgspec.Struct):
    """A mapping or list that is being read."""

    role: str
    """``object``, ``metadata`` or ``items`` of one; empty for all others."""
    is_mapping: bool
    key: str | None = None
    """The key whose value comes next; None where a key comes next."""
    kind: str = ""

    def role_below(self) -> str:
        if self.is_mapping:
            return _ROLES.get((self.role, self.key or ""), "")
        return "object" if self.role == "items" else ""


class _Reader(msgspec.Struct):
    tokens: list[Token] = msgspec.field(default_factory=list)
    kinds: list[str] = msgspec.field(default_factory=list)
    _frames: list[_Frame] = msgspec.field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.tokens.append(("document",))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self.tokens.append(("alias", event.anchor or ""))
                self._value_done()
            case _:
                pass

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        role = self._frames[-1].role_below() if self._frames else "object" if is_mapping else ""
        what = "mapping" if is_mapping else "list"
        self.tokens.append((what, event.tag or "", event.anchor or ""))
        self._frames.append(_Frame(role, is_mapping))

    def _close(self) -> None:
        frame = self._frames.pop()
        if frame.role == "object" and (len(self._frames) == 0 or frame.kind):
            self.kinds.append(frame.kind)
        self.tokens.append(("end",))
        self._value_done()

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self.tokens.append(("text", event.tag or "", event.anchor or ""))
            if event.value:
                self.kinds.append("")
        elif frame.is_mapping and frame.key is None:
            self.tokens.append(("key", event.value))
            frame.key = event.value
        else:
            self._value(frame, event)

    def _value(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        if frame.key is not None and frame.key in _IDENTITY.get(frame.role, ()):
            self.tokens.append((frame.role, str(frame.key), event.value))
            if frame.key == "kind":
                frame.kind = event.value
        else:
            self.tokens.append(("text", event.tag or "", event.anchor or ""))
        self._value_done()

    def _value_done(self) -> None:
        """Go on to the next key. A key that is not a scalar counts as the empty one."""
        if self._frames and self._frames[-1].is_mapping:
            frame = self._frames[-1]
            frame.key = "" if frame.key is None else None
