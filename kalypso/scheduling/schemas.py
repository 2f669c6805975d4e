"""JSON Schemas that the values of an assignment must satisfy.

Values come from ConfigMaps, so at the top level they are text: one passes if it satisfies the
schema as it stands, or as the integer, number or boolean that it spells.

Source: docs/explanation/model.md, "Schemas".
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from kalypso.errors import ConfigError, Position
from kalypso.golang.values import plain_key
from kalypso.golang.yaml.v2 import decode
from kalypso.model import too_deep_at
from kalypso.scheduling.schema_cost import is_cheap
from kalypso.scheduling.validators import Spending, Validator, local_validator

_INTEGER = re.compile(r"[-+]?[0-9]{1,400}(?:\.0{1,400})?")
_HALF = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


class Violation(msgspec.Struct, frozen=True):
    """One thing in which values break a schema."""

    path: tuple[str | int, ...]
    """From the values' root to the place; empty for the root."""
    sentence: str


class Schema(msgspec.Struct, frozen=True):
    """A compiled JSON Schema."""

    validator: Validator
    _readings: dict[str, int] = msgspec.field(default_factory=dict)
    """By key, which reading of its text the schema took last: tried first the next time."""
    _known: dict[int, tuple[object, object]] = msgspec.field(default_factory=dict)
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
        return [(tuple(path), sentence) for path, sentence in self.validator.errors(instance)]

    def _reread(self, instance: dict[str, Any], key: str) -> None:
        """Take a text for the number or boolean that it spells, if that makes it valid."""
        text = instance.get(key)
        if not isinstance(text, str):
            return
        for number, value in enumerate(_readings(text)):
            instance[key] = value
            if not any(path[:1] == (key,) for path, _ in self._errors(instance)):
                self._readings[key] = number
                return
        # Nothing makes it valid: from a number, people see which bound it breaks, unless the
        # schema wants no number at all.
        instance[key] = next(iter(_readings(text)), text)
        if any(
            "is not of type" in message
            for path, message in self._errors(instance)
            if path == (key,)
        ):
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


def _key(held: object) -> str:
    key = plain_key(held)
    if isinstance(key, bool):
        return "true" if key else "false"
    return "null" if key is None else str(key)


def compile_schema(text: str, at: Position, spending: Spending | None = None) -> Schema:
    """Compile the text of a schema, JSON or YAML; drafts 4 to 2020-12.

    Args:
        text: The schema.
        at: Where it is written down.
        spending: What costly schemas of the same source take together; given for a schema that an
            application's repository holds. What breaks it is then said without the values, since
            whoever wrote the schema may read the messages.

    Raises:
        ConfigError: The text is neither, is not a valid schema, refers to another document (nothing
            is
            fetched while a model is evaluated), or takes too long; so may checking values.
    """
    try:
        body = parse_schema(text)
    except ValueError:
        raise ConfigError("the schema is neither JSON nor YAML", at, code="bad-schema") from None
    if not isinstance(body, dict | bool):
        raise ConfigError("the schema is not a mapping", at, code="bad-schema")
    strange = spending is not None
    if is_cheap(body):
        return Schema(local_validator(body, at, strange=strange))
    # Starts a process, which only costly schemas need.
    from kalypso.scheduling.schema_process import remote_validator  # noqa: PLC0415 - starts a process

    return Schema(remote_validator(body, at, spending or Spending(), strange=strange))


def parse_schema(text: str) -> object:
    """Read the text of a schema: JSON, or YAML, in which ``y`` is the name of a property.

    Raises:
        ValueError: The text is neither, or nested so deep that reading it would take all of the
            stack.
    """
    if too_deep_at(text) is not None:
        raise ValueError("nested too deep")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _plain(decode(text, old_bools=False))
    written = json.dumps(found, ensure_ascii=False)
    # Half a character, as Go reads it.
    return json.loads(_HALF.sub("\ufffd", written)) if _HALF.search(written) else found
