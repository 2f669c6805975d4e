"""Validators of JSON Schemas: compiled here, or in a process that can be ended."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, cast

import msgspec

from kalypso.errors import ConfigError, Position
from kalypso.golang.regexp import Pattern
from kalypso.harmless_text import cut
from kalypso.scheduling.schema_formats import FORMATS, NOT_OF_NUMBERS
from kalypso.scheduling.schema_reading import FORMAT, PATTERN, Reading

Violated = tuple[list[str | int], str]
"""Where in the values something is wrong, and the sentence about it."""
_MOST_COMPILED = 64
"""Validators of one schema that are kept, for different keys."""
_HIDDEN = "the value"
"""Stands for a value that a message must not show."""
_LONGEST = 200
"""Characters of what is said of one thing: a schema, and what breaks it, may be of any length."""


class Spending(msgspec.Struct):
    """What the schemas of one source have taken so far."""

    seconds: float = 0.0


class Validator(Protocol):
    """A compiled schema."""

    def is_valid(self, values: object) -> bool:
        """Return whether values satisfy the schema."""
        ...

    def errors(self, values: object) -> Iterator[Violated]:
        """Return what is wrong with values."""
        ...


class _Local:
    """A schema that is compiled here, again for other keys if the schema has patterns of keys."""

    def __init__(self, reading: Reading, compile_: Callable[[Any], Any]) -> None:
        self._reading = reading
        self._compile = compile_
        self._none = compile_(reading.rewritten(lambda _: []))
        self._known: OrderedDict[tuple[tuple[str, ...], ...], Any] = OrderedDict()

    def is_valid(self, values: object) -> bool:
        return bool(self._compiled(values).is_valid(values))

    def errors(self, values: object) -> Iterator[Violated]:
        for error in self._compiled(values).iter_errors(values):
            yield list(error.instance_path), cut(str(error.message), _LONGEST)

    def _compiled(self, values: object) -> Any:  # noqa: ANN401 - one of several classes
        """Return the validator for the keys of some values."""
        patterns = self._reading.patterns
        if not patterns:
            return self._none
        keys = sorted(_keys_in(values))
        matched = {text: [k for k in keys if p.matches(k)] for text, p in patterns.items()}
        asked = tuple(map(tuple, matched.values()))
        if asked not in self._known:
            schema = self._reading.rewritten(lambda pattern: matched[pattern.source])
            self._known[asked] = self._compile(schema)
            if len(self._known) > _MOST_COMPILED:
                self._known.popitem(last=False)
        return self._known[asked]


def _keys_in(values: object) -> set[str]:
    found: set[str] = set()
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            found.update(value)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def local_validator(body: object, at: Position, *, strange: bool = False) -> Validator:
    """Compile a schema in this process.

    Args:
        body: The schema.
        at: Where it is written down.
        strange: Whether it is of another repository than the values, which are not shown then.

    Raises:
        ConfigError: The document is not a valid schema, or refers to another document: nothing is
            fetched
            while a model is evaluated.
    """
    import jsonschema_rs  # noqa: PLC0415 - loaded only where a model has schemas

    compile_for: Callable[..., Any] = jsonschema_rs.validator_for
    options: dict[str, Any] = {
        "pattern_options": jsonschema_rs.RegexOptions(),
        "formats": dict(FORMATS),
        "keywords": {PATTERN: _HiddenPattern if strange else _ShownPattern, FORMAT: _Format},
    }
    if strange:
        options["mask"] = _HIDDEN
    refused: list[str] = []

    def refuse(uri: str) -> object:
        refused.append(uri)
        raise ValueError(uri)

    try:
        reading = Reading(body if isinstance(body, bool) else dict(cast("Mapping[str, Any]", body)))
        return _Local(reading, lambda schema: compile_for(schema, retriever=refuse, **options))
    except (jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError, ValueError) as error:
        if refused:
            raise ConfigError(
                f"the schema refers to another document, {cut(refused[0], _LONGEST)}",
                at,
                "nothing is fetched: write the definitions into the schema itself",
                code="bad-schema",
            ) from None
        raise ConfigError(
            f"this is not a valid JSON Schema: {cut(_first_line(error), _LONGEST)}",
            at,
            code="bad-schema",
        ) from None


class _ShownPattern:
    """A pattern of Go as a keyword of the validator."""

    def __init__(self, _parent: object, text: str, _path: object) -> None:
        self._pattern = Pattern(text)

    def validate(self, instance: object) -> None:
        """Refuse a text that does not match.

        Raises:
            ValueError: The text does not match.
        """
        if isinstance(instance, str) and not self._pattern.matches(instance):
            raise ValueError(
                f"{self._shown(instance)} does not match {_json(self._pattern.source)}"
            )

    def _shown(self, text: str) -> str:
        return _json(text)


class _HiddenPattern(_ShownPattern):
    """The same where the text must not be shown."""

    def _shown(self, _text: str) -> str:
        return _HIDDEN


class _Format:
    """A format as a keyword of the validator, which asks for it of texts only."""

    def __init__(self, _parent: object, name: object, _path: object) -> None:
        self._name = name if isinstance(name, str) and name in NOT_OF_NUMBERS else ""

    def validate(self, instance: object) -> None:
        """Refuse a number.

        Raises:
            ValueError: The value is a number.
        """
        if self._name and isinstance(instance, int | float) and not isinstance(instance, bool):
            raise ValueError(f"a number is not a {_json(self._name)}")


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
