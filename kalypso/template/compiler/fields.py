"""Fields: ``.a.b`` on maps, structs and values with methods.

Follows ``evalFieldChain`` and ``evalField`` of Go's text/template/exec.go.
"""

from __future__ import annotations

from typing import Final

from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import (
    MISSING,
    AnyMap,
    GoObject,
    Missing,
    NilMap,
    NilStringMap,
    StringMap,
    Struct,
    Value,
    type_name,
)
from kalypso.template.compiler.closures import Evaluate
from kalypso.template.compiler.tracing import of_fields
from kalypso.template.failures import Failure, MissingKey
from kalypso.template.twins import Twin

MAPS: Final = frozenset({dict, StringMap, AnyMap, NilMap, NilStringMap})
"""Python types that stand for Go's maps."""
_HOLD_STRINGS: Final = frozenset({StringMap, NilStringMap})
_HOLD_INTERFACES: Final = frozenset({dict, AnyMap, NilMap, list})
_NOTHING: Final[dict[str, Value]] = {}


class FieldReader:
    """Reads fields under one rule about missing keys."""

    def __init__(self, missing_key: MissingKey) -> None:
        self.missing_key = missing_key

    def from_dot(self, names: tuple[str, ...], at: int, origin: int) -> Evaluate:
        """Compile ``.a.b``; ``origin`` is the variable that tells where the dot came from."""

        def slow(variables: list[Value], dot: Value) -> Value:
            boxed = bool(origin and variables[origin])
            return self.walk(dot, names, at, boxed=boxed)

        match names:
            case (name,):
                return _one_name(name, slow)
            case (first, second):
                return _two_names(first, second, slow)
            case _:
                return slow

    def from_value(
        self, evaluate: Evaluate, names: tuple[str, ...], at: int, origin: int
    ) -> Evaluate:
        """Compile ``$x.a.b`` or ``(pipeline).a.b``."""
        walk = self.walk

        def load(variables: list[Value], dot: Value) -> Value:
            value = evaluate(variables, dot)
            return walk(value, names, at, boxed=bool(origin and variables[origin]))

        return load

    def walk(self, value: Value, names: tuple[str, ...], at: int, *, boxed: bool) -> Value:
        """Follow a chain of fields.

        Args:
            value: Where the chain starts.
            names: The fields.
            at: Offset of the first field's dot.
            boxed: The value came out of an interface, which messages tell apart.

        Raises:
            Failure: A value on the way has no such field.
        """
        for number, name in enumerate(names):
            kind = type(value)
            if kind in MAPS:
                found = value.get(name, MISSING)
                if found is MISSING:
                    found = self._absent(value, name)
            elif kind is Struct and name in value.fields:
                found = value.fields[name]
            elif kind is Missing:
                return value
            elif kind is Twin:
                return self._of_twin(value, names[number:], at)
            else:
                found = _other(value, name, at, boxed=boxed)
            boxed = kind in _HOLD_INTERFACES
            value = found
            at += len(name) + 1
        return value

    def _of_twin(self, value: Twin, names: tuple[str, ...], at: int) -> Value:
        """Go one field on both sides: below it, they may be the same, and no twin any more."""
        found = of_fields(value, lambda side: self.walk(side, names[:1], at, boxed=False))
        return self.walk(found, names[1:], at + len(names[0]) + 1, boxed=False)

    def _absent(self, holder: Value, name: str) -> Value:
        if self.missing_key == "error":
            return Missing(name, holder)
        if self.missing_key == "zero":
            return "" if type(holder) in _HOLD_STRINGS else None
        return MISSING


def _one_name(name: str, slow: Evaluate) -> Evaluate:
    def load(variables: list[Value], dot: Value) -> Value:
        kind = type(dot)
        holder = dot.fields if kind is Struct else dot if kind in MAPS else _NOTHING
        value = holder.get(name, MISSING)
        return slow(variables, dot) if value is MISSING else value

    return load


def _two_names(first: str, second: str, slow: Evaluate) -> Evaluate:
    def load(variables: list[Value], dot: Value) -> Value:
        kind = type(dot)
        holder = dot.fields if kind is Struct else dot if kind in MAPS else _NOTHING
        inner: Value = holder.get(first)
        if type(inner) in MAPS:
            value = inner.get(second, MISSING)
            if value is not MISSING:
                return value
        return slow(variables, dot)

    return load


def quick_field(names: tuple[str, ...], show: Evaluate) -> Evaluate | None:
    """Compile the text of a field of the dot that holds a string; ``show`` does the others."""
    match names:
        case (name,):
            return _quick_one(name, show)
        case (first, second):
            return _quick_two(first, second, show)
        case _:
            return None


def _quick_one(name: str, show: Evaluate) -> Evaluate:
    def load(variables: list[Value], dot: Value) -> Value:
        kind = type(dot)
        holder = dot.fields if kind is Struct else dot if kind in MAPS else _NOTHING
        value = holder.get(name)
        return value if type(value) is str else show(variables, dot)

    return load


def _quick_two(first: str, second: str, show: Evaluate) -> Evaluate:
    def load(variables: list[Value], dot: Value) -> Value:
        kind = type(dot)
        holder = dot.fields if kind is Struct else dot if kind in MAPS else _NOTHING
        inner: Value = holder.get(first)
        if type(inner) in MAPS:
            value = inner.get(second)
            if type(value) is str:
                return value
        return show(variables, dot)

    return load


def _other(value: Value, name: str, at: int, *, boxed: bool) -> Value:
    """Read a field of what is neither map nor struct with that field."""
    if value is None:
        raise Failure(f"nil pointer evaluating interface {{}}.{name}", at)
    if isinstance(value, GoObject):
        method = value.methods.get(name)
        if method is not None:
            if method.params and not (method.variadic and len(method.params) == 1):
                wanted = len(method.params)
                raise Failure(f"wrong number of args for {name}: want {wanted} got 0", at)
            try:
                return method.call(value)
            except FunctionError as error:
                raise Failure(f"error calling {name}: {error}", at) from None
    raise cannot_evaluate(value, name, at, boxed=boxed)


def cannot_evaluate(value: Value, name: str, at: int, *, boxed: bool) -> Failure:
    """Return the failure about a field that a value's type does not have."""
    shown = "interface {}" if boxed else type_name(value)
    hint = ""
    if isinstance(value, Struct):
        hint = "its fields are " + ", ".join(value.fields)
    return Failure(f"can't evaluate field {name} in type {shown}", at, hint=hint)


def holds_interfaces(value: Value) -> bool:
    """Return whether what ``range`` finds in a value comes out of interfaces."""
    return type(value) in _HOLD_INTERFACES
