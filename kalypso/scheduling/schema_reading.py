"""JSON Schemas as gojsonschema reads them, rewritten for a validator of one draft at a time.

A schema that names draft 4, 6 or 7 is one of that draft. One that names none, or one that nobody
knows, may mix them. Those of later drafts, which gojsonschema does not know, keep their meaning.
Patterns are Go's in all of them: the validator gets them under a name of our own.

Source: github.com/xeipuuv/gojsonschema v1.2.0, schema.go and draft.go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kalypso.golang.regexp import Pattern, PatternError

PATTERN: Final = "kalypsoPattern"
"""The keyword under which the validator finds a pattern."""
FORMAT: Final = "kalypsoFormat"
"""The keyword that says once more what format a value has: here, a number has none."""
LONGEST_PATTERN: Final = 4096

_MIXED: Final = 99
_DRAFTS: Final = {
    "http://json-schema.org/draft-04/schema": 4,
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
}
_LATER: Final = (
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
)
_WRITTEN: Final = "http://json-schema.org/draft-07/schema#"
_SINCE: Final = {"propertyNames": 6, "contains": 6, "const": 6, "if": 7, "then": 7, "else": 7}
"""Keywords that older drafts pass over."""
_NOT_READ: Final = frozenset(
    (
        *("$schema", "default", "examples", "readOnly", "writeOnly", "$comment"),
        *("contentEncoding", "contentMediaType", "unevaluatedProperties", "unevaluatedItems"),
    )
)
_VALUES: Final = frozenset(("enum", "const", "type", "required", "$ref"))
"""Keywords whose values are not schemas."""
_MAPS: Final = frozenset(("properties", "definitions", "$defs", "dependencies", "dependentSchemas"))
_EMPTY: Final = ("enum", "type", "items", "allOf", "anyOf", "oneOf")
"""Keywords that mean nothing with an empty list."""
_COUNTS: Final = (
    *("minLength", "maxLength", "minItems", "maxItems"),
    *("minProperties", "maxProperties"),
)
_BOUNDS: Final = (("minLength", "maxLength"), ("minProperties", "maxProperties"))
_SYNTAX: Final = re.compile(r"[\^$\\.*+?()\[\]{}|/]")

Keys = Callable[[Pattern], list[str]]
"""Returns the keys of the values that a pattern matches, sorted."""


class SchemaError(ValueError):
    """A schema that gojsonschema refuses; the message is the end of a sentence."""


@dataclass(slots=True)
class Reading:
    """Rewrites one schema; patterns of ``patternProperties`` become the keys that they match."""

    body: Mapping[str, Any] | bool
    patterns: dict[str, Pattern] = field(default_factory=dict)
    """Of properties, by their text: values decide what becomes of them."""
    _draft: int = field(init=False)
    _later: bool = field(init=False)
    _id: str = field(init=False)

    def __post_init__(self) -> None:
        body = self.body if isinstance(self.body, Mapping) else {}
        named = body.get("$schema", "")
        if not isinstance(named, str):
            raise SchemaError("$schema is not text")
        named = named.removesuffix("#")
        self._later = named in _LATER
        self._draft = _DRAFTS.get(named, _MIXED)
        own = body.get("id", body.get("$id"))
        self._id = own.removesuffix("#") if isinstance(own, str) else ""

    def rewritten(self, keys: Keys) -> dict[str, Any] | bool:
        """Return the schema for the validator.

        Raises:
            SchemaError: The document is not a schema.
        """
        found: dict[str, Any] | bool = self._schema(self.body, keys)
        if isinstance(found, dict):
            if self._later and isinstance(self.body, Mapping):
                found["$schema"] = self.body["$schema"]
            else:
                found.pop("$id", None)
                found["$schema"] = _WRITTEN
        return found

    def _schema(self, node: object, keys: Keys) -> Any:  # noqa: ANN401 - a schema is any JSON
        if isinstance(node, bool):
            if self._draft == 4:  # noqa: PLR2004 - the draft
                raise SchemaError("in draft 4, a schema is a mapping and not true or false")
            return node
        if not isinstance(node, Mapping):
            raise SchemaError("a schema is a mapping")
        result: dict[str, Any] = {}
        for key, value in node.items():
            if not self._passes_over(key):
                self._member(result, key, value, keys)
        if "items" not in result:
            result.pop("additionalItems", None)
        if not self._later:
            for bound in ("Minimum", "Maximum"):
                _exclusive(result, f"exclusive{bound}", bound.lower(), self._draft)
            _check_values(result)
        return result

    def _passes_over(self, key: str) -> bool:
        if self._later:
            return key == "$schema"
        return key in _NOT_READ or _SINCE.get(key, 0) > self._draft

    def _member(self, result: dict[str, Any], key: str, value: Any, keys: Keys) -> None:  # noqa: ANN401 - any JSON
        if value == [] and key in _EMPTY:
            return
        if key == "pattern":
            result[PATTERN] = _pattern(value).source
        elif key == "patternProperties" and isinstance(value, Mapping):
            result[key] = self._by_keys(value, keys)
        elif key == "$ref" and isinstance(value, str) and self._id:
            result[key] = value.removeprefix(self._id) if "#" in value else value
        elif key in ("id", "$id") and not self._later:
            self._identify(result, key, value)
        elif key in _VALUES:
            result[key] = value
        elif key == "format":
            result[key] = result[FORMAT] = value
        elif key in _MAPS and isinstance(value, Mapping):
            result[key] = {
                name: list(item) if isinstance(item, list) else self._schema(item, keys)
                for name, item in value.items()
            }
        elif isinstance(value, bool) and key in ("items", "not"):
            result[key] = self._schema(value, keys)
        else:
            result[key] = self._further(value, keys)

    def _further(self, value: Any, keys: Keys) -> Any:  # noqa: ANN401 - any JSON
        """Rewrite what is a schema, a list of them, or of no meaning and perhaps referred to."""
        if isinstance(value, Mapping):
            return self._schema(value, keys)
        if isinstance(value, list):
            return [self._schema(i, keys) if isinstance(i, Mapping) else i for i in value]
        return value

    def _identify(self, result: dict[str, Any], key: str, value: object) -> None:
        if self._draft in (6, 7) and key == "id":
            return
        if self._draft == 4 and key == "$id":  # noqa: PLR2004 - the draft
            return
        if not isinstance(value, str):
            raise SchemaError(f"{key} is not text")
        result["$id"] = value

    def _by_keys(self, patterns: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
        found: dict[str, list[Any]] = {}
        for text, node in patterns.items():
            pattern = self.patterns.setdefault(text, _pattern(text))
            schema = self._schema(node, keys)
            if matched := keys(pattern):
                names = "|".join(_SYNTAX.sub(r"\\\g<0>", key) for key in matched)
                found.setdefault(f"^(?:{names})$", []).append(schema)
        return {names: s[0] if len(s) == 1 else {"allOf": s} for names, s in found.items()}


def _pattern(text: object) -> Pattern:
    if not isinstance(text, str):
        raise SchemaError("a pattern is text")
    if len(text) > LONGEST_PATTERN:
        raise SchemaError(f"a pattern has {len(text):,} characters, more than {LONGEST_PATTERN:,}")
    try:
        return Pattern(text)
    except PatternError as error:
        raise SchemaError(f"the pattern {text!r} is not valid in Go: {error}") from None


def _exclusive(node: dict[str, Any], name: str, bound: str, draft: int) -> None:
    """Read an exclusive bound: true beside another one in draft 4, a number since draft 6."""
    value = node.get(name)
    if name not in node or (not isinstance(value, bool) and draft != 4):  # noqa: PLR2004 - the draft
        return
    if not isinstance(value, bool):
        raise SchemaError(f"in draft 4, {name} is true or false")
    if draft not in (4, _MIXED):
        raise SchemaError(f"{name} is not a number")
    if bound not in node:
        raise SchemaError(f"{name} cannot be used without {bound}")
    del node[name]
    if value:
        node[name] = node.pop(bound)


def _check_values(node: Mapping[str, Any]) -> None:
    """Refuse what a validator would take.

    Raises:
        SchemaError: A count is written as 2.0, a bound passes the other, an enum repeats itself.
    """
    for name in _COUNTS:
        if isinstance(node.get(name), float):
            raise SchemaError(f"{name} is not an integer")
    enum = node.get("enum")
    texts = [json.dumps(each, sort_keys=True) for each in enum] if isinstance(enum, list) else []
    if len(set(texts)) < len(texts):
        raise SchemaError("enum holds a value twice")
    for least, most in _BOUNDS:
        low, high = node.get(least), node.get(most)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            raise SchemaError(f"{least} is greater than {most}")
