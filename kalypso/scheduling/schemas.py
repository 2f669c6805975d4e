"""JSON Schemas that the values of an assignment must satisfy.

Values come from ConfigMaps, so at the top level they are text: one passes if it satisfies the
schema as it stands, or as the integer, number or boolean that it spells.

Source: docs/explanation/model.md, "Schemas".
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kalypso.errors import ConfigError, Position
from kalypso.golang.yaml.v2 import decode
from kalypso.harmless_text import cut
from kalypso.model import too_deep_at

_INTEGER = re.compile(r"[-+]?[0-9]{1,400}(?:\.0{1,400})?")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")

_HIDDEN = "the value"
"""Stands for a value that a message must not show."""
_LONGEST = 200
"""Characters of what is said of one thing: a schema, and what breaks it, may be of any length."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing in which values break a schema."""

    path: tuple[str | int, ...]
    """From the values' root to the place; empty for the root."""
    sentence: str


class _Validator(Protocol):
    def iter_errors(self, instance: object) -> Iterator[Any]: ...

    def is_valid(self, instance: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Schema:
    """A compiled JSON Schema."""

    validator: _Validator
    _readings: dict[str, int] = field(default_factory=dict)
    """By key, which reading of its text the schema took last: tried first the next time."""
    _known: dict[int, tuple[object, object]] = field(default_factory=dict)
    """Structured values as JSON knows them, by identity; many configurations share them."""

    def violations(self, values: Mapping[str, Any]) -> list[Violation]:
        """List what is wrong with the values of one assignment; empty if nothing is.

        Args:
            values: Nobody may change what is in them afterwards.
        """
        texts = {key: self._as_json(value) for key, value in values.items()}
        if self.validator.is_valid(self._reread_as_before(texts)):
            return []
        instance = dict(texts)
        for key in [path[0] for path, _ in self._errors(instance) if len(path) == 1]:
            self._reread(instance, str(key))
        found = self._errors(instance)
        if any(not path for path, _ in found) and not self._reread_all(instance):
            return []
        return [Violation(path, sentence) for path, sentence in found]

    def _as_json(self, value: object) -> object:
        if not isinstance(value, dict | list):
            return value
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = (value, _plain(value))
        return known[1]

    def _reread_as_before(self, texts: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self._readings:
            return texts
        instance = dict(texts)
        for key, number in self._readings.items():
            text = texts.get(key)
            readings = list(_readings(text)) if isinstance(text, str) else []
            if number < len(readings):
                instance[key] = readings[number]
        return instance

    def _errors(self, instance: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
        return [
            (tuple(error.instance_path), cut(str(error.message), _LONGEST))
            for error in self.validator.iter_errors(instance)
        ]

    def _reread(self, instance: dict[str, Any], key: str) -> None:
        """Take a text for the number or boolean that it spells, if that mends it."""
        text = instance.get(key)
        if not isinstance(text, str):
            return
        for number, value in enumerate(_readings(text)):
            instance[key] = value
            if not any(path[:1] == (key,) for path, _ in self._errors(instance)):
                self._readings[key] = number
                return
        # Nothing mends it: told about a number, people see which bound it breaks, unless the
        # schema wants no number at all.
        instance[key] = next(iter(_readings(text)), text)
        if any("is not of type" in told for path, told in self._errors(instance) if path == (key,)):
            instance[key] = text

    def _reread_all(self, instance: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
        """Try all readings at once: a condition on the whole may depend on several values."""
        reread = {
            key: next(iter(_readings(value)), value) if isinstance(value, str) else value
            for key, value in instance.items()
        }
        return self._errors(reread)


def _readings(text: str) -> Iterator[int | float | bool]:
    if _INTEGER.fullmatch(text):
        yield int(text.partition(".")[0])
    if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        yield float(text)
    if text in ("true", "false"):
        yield text == "true"


def _plain(value: object) -> object:
    """Make of Go's values what JSON knows: keys are text, numbers are plain."""
    match value:
        case dict():
            return {_key(key): _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case bool() | None | str():
            return value
        case int():
            return int(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case _:
            return str(value)


def _key(key: object) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return "null" if key is None else str(key)


def compile_schema(text: str, at: Position, *, strange: bool = False) -> Schema:
    """Compile the text of a schema, JSON or YAML; drafts 4 to 2020-12.

    Args:
        text: The schema.
        at: Where it stands.
        strange: Whether it is of another repository than the values: what breaks it is then
            said without them, since whoever wrote the schema may read the messages.

    Raises:
        ConfigError: It is neither, is no valid schema, or refers to another document: nothing is
            fetched while a model is evaluated.
    """
    import jsonschema_rs  # noqa: PLC0415  # loaded only where a model has schemas

    try:
        body = parse_schema(text)
    except ValueError:
        raise ConfigError("the schema is neither JSON nor YAML", at, code="bad-schema") from None
    if not isinstance(body, dict | bool):
        raise ConfigError("the schema is not a mapping", at, code="bad-schema")
    compile_for: Callable[..., _Validator] = jsonschema_rs.validator_for
    refused: list[str] = []

    def refuse(uri: str) -> object:
        refused.append(uri)
        raise ValueError(uri)

    try:
        hidden = {"mask": _HIDDEN} if strange else {}
        return Schema(compile_for(body, retriever=refuse, pattern_options=_patterns(), **hidden))
    except (jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError, ValueError) as error:
        if refused:
            raise ConfigError(
                f"the schema refers to another document, {cut(refused[0], _LONGEST)}",
                at,
                "nothing is fetched: write the definitions into the schema itself",
                code="bad-schema",
            ) from None
        raise ConfigError(
            f"this is no valid JSON Schema: {cut(_first_line(error), _LONGEST)}",
            at,
            code="bad-schema",
        ) from None


def parse_schema(text: str) -> object:
    """Read the text of a schema: JSON, or the YAML that Go reads.

    Raises:
        ValueError: It is neither, or nested so deep that reading it would take all of the stack.
    """
    if too_deep_at(text) is not None:
        raise ValueError("nested too deep")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _plain(decode(text))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _patterns() -> object:
    import jsonschema_rs  # noqa: PLC0415  # as above

    return jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000)
