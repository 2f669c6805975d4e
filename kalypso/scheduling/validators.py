"""Validators of JSON Schemas: compiled here, or in a process that can be ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from kalypso.errors import ConfigError, Position

Violated = tuple[list[str | int], str]
"""Where in the values something is wrong, and the sentence about it."""
_BACKTRACK_LIMIT = 100_000


@dataclass(slots=True)
class Spending:
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
    def __init__(self, compiled: Any) -> None:  # noqa: ANN401  # one of several classes
        self._compiled = compiled

    def is_valid(self, values: object) -> bool:
        return bool(self._compiled.is_valid(values))

    def errors(self, values: object) -> Iterator[Violated]:
        for error in self._compiled.iter_errors(values):
            yield list(error.instance_path), str(error.message)


def local_validator(body: object, at: Position) -> Validator:
    """Compile a schema in this process.

    Raises:
        ConfigError: It is no valid schema, or refers to another document: nothing is fetched while
            a model is evaluated.
    """
    import jsonschema_rs  # noqa: PLC0415  # loaded only where a model has schemas

    compile_for: Callable[..., Any] = jsonschema_rs.validator_for
    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACK_LIMIT)
    refused: list[str] = []

    def refuse(uri: str) -> object:
        refused.append(uri)
        raise ValueError(uri)

    try:
        return _Local(compile_for(body, retriever=refuse, pattern_options=options))
    except (jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError, ValueError) as error:
        if refused:
            raise ConfigError(
                f"the schema refers to another document, {refused[0]}",
                at,
                "nothing is fetched: write the definitions into the schema itself",
                code="bad-schema",
            ) from None
        raise ConfigError(
            f"this is no valid JSON Schema: {_first_line(error)}", at, code="bad-schema"
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
