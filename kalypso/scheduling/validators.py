"""Validators of JSON Schemas: compiled here, or in a process that can be ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from kalypso.errors import ConfigError, Position
from kalypso.harmless_text import cut

Violated = tuple[list[str | int], str]
"""Where in the values something is wrong, and the sentence about it."""
_BACKTRACK_LIMIT = 100_000
_HIDDEN = "the value"
"""Stands for a value that a message must not show."""
_LONGEST = 200
"""Characters of what is said of one thing: a schema, and what breaks it, may be of any length."""


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
            yield list(error.instance_path), cut(str(error.message), _LONGEST)


def local_validator(body: object, at: Position, *, strange: bool = False) -> Validator:
    """Compile a schema in this process.

    Args:
        body: The schema.
        at: Where it is written down.
        strange: Whether it is of another repository than the values, which are not shown then.

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
        hidden = {"mask": _HIDDEN} if strange else {}
        return _Local(compile_for(body, retriever=refuse, pattern_options=options, **hidden))
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


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
