"""Values that come from outsiders' text, each beside its double: the same with inert text.

A rendering that is *traced* gets such twins in its data. What it computes from them, it computes
twice; where it decides something, the real value decides. So both results take the same path
through the template, and differ in nothing but what the outsiders' text itself brought in.
"""

from __future__ import annotations

import re
from typing import Any, Final

from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import Struct, Value, map_key

_ACTIVE: Final = re.compile(
    r"[^._/:@=+~-]|(?<![^\W_])[._/:@=+~-]|[._/:@=+~-](?![^\W_])", re.ASCII | re.DOTALL
)
"""Every character but a separator between a letter or digit and another."""
_FIRST: Final = "\ufdd0"
_LAST: Final = "\ufdd1"
_KEYS: Final = "a text of the workload becomes a key of a map that is changed"
_MARK: Final = re.compile(f"{_FIRST}([0-9]+){_LAST}")


class Twin:
    """A value made from outsiders' text, and what it would be with inert text.

    Decisions are made by the real one. Texts, lists and maps can be twins; what else is computed
    from a twin holds no text, and is an ordinary value.
    """

    __slots__ = ("double", "real")

    def __init__(self, real: Value, double: Value) -> None:
        self.real = real
        self.double = double

    def __bool__(self) -> bool:
        """Return what ``if`` makes of the real value."""
        return bool(self.real)


def inert(text: str) -> str:
    """Return a text of the same length that means nothing, wherever it stands."""
    return _ACTIVE.sub("x", text)


def stand_in(value: Value) -> Value:
    """Return a value of the same shape with inert texts, those of keys included."""
    if isinstance(value, str):
        return inert(value)
    kind: Any = type(value)
    if isinstance(value, list) and value:
        return kind([stand_in(item) for item in value])
    if isinstance(value, dict) and value:
        return kind((stand_in(key), stand_in(item)) for key, item in value.items())
    if isinstance(value, Struct):
        fields = {name: stand_in(item) for name, item in value.fields.items()}
        return Struct(fields, value.type_name)
    return value


def twin(real: Value, double: Value) -> Value:
    """Put a value beside its double, which is made again where it is of another kind.

    Lists get doubles of the same length: how many items there are, the template decides. A list or
    map that is the same on both sides holds nothing of outsiders.
    """
    if real is double and not isinstance(real, str):
        return real
    if isinstance(real, str):
        return Twin(real, double if double and isinstance(double, str) else inert(real)) or real
    if isinstance(real, list):
        others = double if isinstance(double, list) else []
        pairs = zip(real, [*others, *([None] * (len(real) - len(others)))], strict=False)
        kind: Any = type(real)
        return Twin(real, kind([_double(item, other) for item, other in pairs]) if real else real)
    if isinstance(real, dict):
        return Twin(real, double if isinstance(double, dict) else stand_in(real))
    if isinstance(real, Struct):
        return Twin(real, double if isinstance(double, Struct) else stand_in(real))
    return real


def _double(real: Value, double: Value) -> Value:
    found = twin(real, double)
    return found.double if type(found) is Twin else found


def members(twins: Twin, visited: list[tuple[Value, Value]]) -> list[tuple[Value, Value]]:
    """Pair what ``range`` visits in the real list or map with the doubles."""
    double = twins.double
    if isinstance(twins.real, dict):
        held = [(key, map_key(key), item) for key, item in visited]
        return [
            (twin(key, key if kept in double else None), twin(item, double.get(kept)))
            for key, kept, item in held
        ]
    return [(key, twin(item, double[index])) for index, (key, item) in enumerate(visited)]


def woven(value: Value) -> Value:
    """Return a map or list that holds twins in place of one whole twin, to be changed in place.

    Raises:
        FunctionError: Its keys are outsiders' text.
    """
    if type(value) is not Twin:
        return value
    real, double = value.real, value.double
    if isinstance(real, dict):
        if real.keys() != double.keys():
            raise FunctionError(_KEYS)
        return type(real)({key: woven(twin(item, double.get(key))) for key, item in real.items()})
    if isinstance(real, list):
        return list(map(woven, map(twin, real, double)))
    return value


def as_key(value: Value) -> Value:
    """Return a key for a map that holds twins.

    Raises:
        FunctionError: The key is text of an application team.
    """
    if type(value) is not Twin:
        return value
    if value.real != value.double:
        raise FunctionError(_KEYS)
    return value.real


def parted(value: Value) -> Value:
    """Return a twin in place of a map, list or struct that holds some; others as they are."""
    if not isinstance(value, (dict, list, Struct)) or not _holds_twins(value):
        return value
    return Twin(_side(value, "real"), _side(value, "double"))


def _holds_twins(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_twins, value.values()))
    if isinstance(value, list):
        return any(map(_holds_twins, value))
    if isinstance(value, Struct):
        return any(map(_holds_twins, value.fields.values()))
    return type(value) is Twin


def _side(value: Value, side: str) -> Value:
    if type(value) is Twin:
        return getattr(value, side)
    if not _holds_twins(value):
        return value
    kind: Any = type(value)
    if isinstance(value, Struct):
        fields = {name: _side(item, side) for name, item in value.fields.items()}
        return Struct(fields, value.type_name)
    if isinstance(value, dict):
        return kind((key, _side(item, side)) for key, item in value.items())
    return kind([_side(item, side) for item in value]) if isinstance(value, list) else value


class Marks:
    """Where a traced rendering printed twins: its text holds a mark in place of each."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        """The real text and its double, by the number in the mark."""
        self.woven = False
        """Maps or lists of the rendering may hold twins."""

    def add(self, real: str, double: str) -> str:
        """Return the mark for a printed twin."""
        self.texts.append((real, double))
        return f"{_FIRST}{len(self.texts) - 1}{_LAST}"

    def real(self, text: str) -> str:
        """Put the real texts into their places."""
        return _MARK.sub(lambda mark: self._texts(mark)[0], text)

    def double(self, text: str) -> str:
        """Put the inert texts into their places."""
        return _MARK.sub(lambda mark: self._texts(mark)[1], text)

    def _texts(self, mark: re.Match[str]) -> tuple[str, str]:
        number = int(mark[1])
        return self.texts[number] if number < len(self.texts) else (mark[0], mark[0])


def has_mark(text: str) -> bool:
    """Return whether a text holds the mark of a twin."""
    return _FIRST in text
