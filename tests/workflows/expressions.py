"""The expressions of workflows, as far as ours use them: `${{ a.b == 'c' && format('{0}', d) }}`.

Source: GitHub's documentation, "Evaluate expressions in workflows and actions".
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Value = Any
"""Null, a boolean, a number, text, a list or a mapping, as in JSON."""
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<mark>&&|\|\||==|!=|[!().,]))"
)
_FILLED = re.compile(r"\$\{\{((?:(?!\}\}).)*)\}\}", re.DOTALL)
STATUS = ("always", "cancelled", "failure", "success")
"""Functions that ask how the job stands; a condition with none of them also asks for success."""


class ExpressionError(ValueError):
    """An expression that GitHub would refuse, or that these tests do not know."""


def evaluate(text: str, contexts: Mapping[str, Value], *, good: bool = True) -> Value:
    """Return what an expression is worth.

    Args:
        text: The expression, without its braces.
        contexts: Values by the first name of a path.
        good: Whether no step of the job has failed yet.

    Raises:
        ExpressionError: It cannot be read.
    """
    reader = _Reader(text, contexts, good=good)
    value = reader.either()
    if reader.kind:
        raise ExpressionError(f"{text!r}: {reader.word!r} is too much")
    return value


def fill(value: Value, contexts: Mapping[str, Value]) -> Value:
    """Evaluate every expression in a value; what is nothing but one keeps its type."""
    if isinstance(value, dict):
        return {key: fill(item, contexts) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, contexts) for item in value]
    if not isinstance(value, str):
        return value
    whole = _FILLED.fullmatch(value.strip())
    if whole:
        return evaluate(whole[1], contexts)
    return _FILLED.sub(lambda found: as_text(evaluate(found[1], contexts)), value)


def holds(condition: str, contexts: Mapping[str, Value], *, good: bool) -> bool:
    """Return whether a step or job runs, by its `if`; empty for none."""
    inside = _FILLED.fullmatch(condition.strip())
    text = inside[1] if inside else condition
    asked = any(re.search(rf"\b{name}\s*\(", text) for name in STATUS)
    if not (asked or good):
        return False
    return not text.strip() or _true(evaluate(text, contexts, good=good))


def as_text(value: Value) -> str:
    """Return a value as it stands in the middle of a text, and in an environment."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _true(value: Value) -> bool:
    return isinstance(value, list | dict) or bool(value)


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if type(left) is not type(right):
        raise ExpressionError(f"{left!r} and {right!r} are of different types")
    return bool(left == right)


def _format(text: str, *values: Value) -> str:
    return re.sub(r"\{(\d+)\}", lambda found: as_text(values[int(found[1])]), text)


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "format": _format,
    "fromJSON": json.loads,
    "startsWith": lambda text, start: text.lower().startswith(start.lower()),
}


class _Reader:
    """Reads and evaluates in one go; each method is a rule of the grammar, loosest first."""

    def __init__(self, text: str, contexts: Mapping[str, Value], *, good: bool) -> None:
        self._text, self._contexts, self._good, self._at = text, contexts, good, 0
        self.kind = self.word = ""
        self._next()

    def either(self) -> Value:
        """`both ('||' both)*`: the first that is true, else the last."""
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value if _true(value) else other
        return value

    def _both(self) -> Value:
        """`equal ('&&' equal)*`: the first that is not true, else the last."""
        value = self._equal()
        while self._take("&&"):
            other = self._equal()
            value = other if _true(value) else value
        return value

    def _equal(self) -> Value:
        """`not (('==' | '!=') not)?`."""
        value = self._not()
        if self._take("=="):
            return _same(value, self._not())
        if self._take("!="):
            return not _same(value, self._not())
        return value

    def _not(self) -> Value:
        """`'!' not | '(' either ')' | text | number | call | path`."""
        if self._take("!"):
            return not _true(self._not())
        if self._take("("):
            value = self.either()
            self._expect(")")
            return value
        kind, word = self.kind, self.word
        self._next()
        if kind == "text":
            return word[1:-1].replace("''", "'")
        if kind == "number":
            return int(word)
        if kind != "name":
            raise ExpressionError(f"{self._text!r}: {word!r} cannot stand here")
        return self._call(word) if self._take("(") else self._path(word)

    def _call(self, name: str) -> Value:
        arguments: list[Value] = []
        while not self._take(")"):
            arguments.append(self.either())
            if self.word != ")":
                self._expect(",")
        if name in STATUS:
            return {"always": True, "success": self._good, "failure": not self._good}.get(name)
        if name not in _FUNCTIONS:
            raise ExpressionError(f"{self._text!r}: there is no function {name}")
        return _FUNCTIONS[name](*arguments)

    def _path(self, name: str) -> Value:
        if name in {"true", "false", "null"}:
            return json.loads(name)
        if name not in self._contexts:
            raise ExpressionError(f"{self._text!r}: there is no {name} here")
        value = self._contexts[name]
        while self._take("."):
            if self.kind != "name":
                raise ExpressionError(f"{self._text!r}: a name is missing")
            value = value.get(self.word) if isinstance(value, dict) else None
            self._next()
        return value

    def _take(self, mark: str) -> bool:
        if self.kind != "mark" or self.word != mark:
            return False
        self._next()
        return True

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise ExpressionError(f"{self._text!r}: {mark!r} is missing")

    def _next(self) -> None:
        found = _TOKEN.match(self._text, self._at)
        if found is None and self._text[self._at :].strip():
            raise ExpressionError(f"{self._text!r}: {self._text[self._at :]!r} cannot be read")
        self.kind = (found.lastgroup or "") if found else ""
        self.word = found[self.kind] if found else ""
        self._at = found.end() if found else len(self._text)
