"""In what an object breaks its schema, in sentences that show none of its values.

A manifest may hold what not everybody may read, so a value is named by its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import jsonschema_rs
import msgspec

from kalypso.conformance.object_kind import JsonSchema
from kalypso.harmless_text import cut
from kalypso.spelling import nearest

Path = tuple[str | int, ...]
"""From an object's root to a place in it."""
_MASK = "\0"
"""Stands for the value in the validator's sentences."""
_LONGEST = 300
_FILLED_IN = re.compile(r"\$\{[A-Za-z_]")
"""A variable that Flux replaces on the cluster: nobody knows by what."""
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}
_ALTERNATIVES = frozenset({"anyOf", "oneOf"})


class Violation(msgspec.Struct, frozen=True):
    """One thing in which an object breaks its schema."""

    path: Path
    """Where; for a field that is missing, where it would have to be."""
    sentence: str
    hint: str = ""


class ObjectSchema(msgspec.Struct, frozen=True):
    """A compiled schema of a kind."""

    schema: JsonSchema
    _validator: Any

    @classmethod
    def compiled(cls, schema: JsonSchema) -> ObjectSchema:
        """Compile a schema.

        Raises:
            ValueError: The schema is not valid, or refers to another document.
        """
        try:
            validator = jsonschema_rs.validator_for(
                schema,
                mask=_MASK,
                offline=True,
                pattern_options=jsonschema_rs.RegexOptions(),
                validate_formats=False,
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            first = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ValueError(cut(first, _LONGEST)) from None
        return cls(schema, validator)

    def violations(self, body: Mapping[str, Any], what: str) -> Iterator[Violation]:
        """Yield what is wrong with an object.

        Args:
            body: The object.
            what: How sentences name it, such as ``the Deployment``.
        """
        if self._validator.is_valid(body):
            return
        errors = list(self._validator.iter_errors(body))
        slips = {spot for error in errors for spot in self._meant(error)}
        for error in errors:
            path = tuple(error.instance_path)
            if error.kind.name == "required" and (*path, error.kind.value) in slips:
                continue  # it is there, under a name that is reported
            if isinstance(error.instance, str) and _FILLED_IN.search(error.instance):
                continue
            yield from self._violations(error, path, what)

    def _violations(self, error: Any, path: Path, what: str) -> Iterator[Violation]:  # noqa: ANN401 - the validator's own class
        match error.kind.name:
            case "additionalProperties":
                known = self._fields(path)
                for name in error.kind.value:
                    near = nearest(name, known)
                    hint = f"did you mean {near!r}?" if near else ""
                    spot = (*path, name)
                    yield Violation(spot, f"{what} has an unknown field {named(spot)}", hint)
            case "required":
                spot = (*path, error.kind.value)
                yield Violation(spot, f"{what} lacks {named(spot)}")
            case _:
                subject = f"{named(path)} of {what}" if path else what
                yield Violation(path, cut(_sentence(error, subject), _LONGEST))

    def _meant(self, error: Any) -> Iterator[Path]:  # noqa: ANN401 - the validator's own class
        """Yield the places of the fields that unknown ones were probably meant to be."""
        if error.kind.name == "additionalProperties":
            path = tuple(error.instance_path)
            known = self._fields(path)
            yield from ((*path, nearest(name, known)) for name in error.kind.value)

    def _fields(self, path: Path) -> list[str]:
        """Return the names of the fields that the schema knows at a place."""
        node = reduce(lambda inner, step: _below(self.schema, inner, step), path, self.schema)
        return list(_resolved(self.schema, node).get("properties", ()))


def named(path: Path) -> str:
    """Return a path as people write it: ``spec.containers[0].image``."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return cut("".join(parts).removeprefix("."), _LONGEST)


def _sentence(error: Any, subject: str) -> str:  # noqa: ANN401 - the validator's own class
    kind = error.kind
    if kind.name == "type":
        types = [_TYPES.get(each, each) for each in kind.value if each != "null"]
        return f"{subject} is not {' or '.join(types) or 'null'}"
    if kind.name == "enum":
        known = ", ".join(_shown(each) for each in kind.value if each is not None)
        return f"{subject} is not one of {known}"
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.OneOfMultipleValid):
        return f"{subject} has several forms, of which it may have only one"
    if kind.name in _ALTERNATIVES:
        return f"{subject} has none of the forms that it may have"
    message = str(error.message)
    return message.replace(_MASK, subject) if _MASK in message else f"{subject}: {message}"


def _shown(value: object) -> str:
    """Return a value that a schema allows; text that is seen stands for itself."""
    return value if isinstance(value, str) and value.strip() else json.dumps(value)


def _below(whole: JsonSchema, node: JsonSchema, step: str | int) -> JsonSchema:
    found = _resolved(whole, node)
    if isinstance(step, int):
        inner = found.get("items")
    else:
        inner = found.get("properties", {}).get(step, found.get("additionalProperties"))
    return inner if isinstance(inner, dict) else {}


def _resolved(whole: JsonSchema, node: JsonSchema) -> JsonSchema:
    """Follow a reference to a definition of the same document, as Kubernetes' schemas have them."""
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    definition = whole.get("$defs", {}).get(reference.removeprefix("#/$defs/"), {})
    return definition if isinstance(definition, dict) else {}
