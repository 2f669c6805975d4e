"""Arguments of functions: Go's rules of what is assignable to which parameter, with its messages.

Follows ``validateType`` and ``evalArg`` of Go's text/template/exec.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kalypso.golang.signatures import Kind
from kalypso.golang.values import (
    MISSING,
    Int64,
    Missing,
    NilList,
    NilMap,
    StringList,
    Value,
    type_name,
)
from kalypso.template.compiler.absence import NILS, given
from kalypso.template.compiler.closures import Evaluate
from kalypso.template.compiler.scope import RUN_SLOT
from kalypso.template.failures import Failure
from kalypso.template.functions import Absence
from kalypso.template.limits import LARGE, LIMIT_CODE, LimitError
from kalypso.template.syntax import nodes

_MAP_TYPES: Final[tuple[type, ...]] = (dict, NilMap)
_ACCEPTED: Final[Mapping[Kind, frozenset[type]]] = {
    Kind.STRING: frozenset({str}),
    Kind.BOOL: frozenset({bool}),
    Kind.INT: frozenset({int}),
    Kind.INT64: frozenset({Int64}),
    Kind.FLOAT64: frozenset({float}),
    Kind.LIST: frozenset({list, NilList}),
    Kind.STRINGS: frozenset({StringList}),
    Kind.MAP: frozenset(_MAP_TYPES),
    Kind.TIME: frozenset(),
}
_PER_CHARACTER: Final = 8
"""How many times dearer a text is to a function that takes anything, at worst."""
_WANTED: Final[Mapping[Kind, str]] = {
    Kind.STRING: "string",
    Kind.BOOL: "bool",
    Kind.INT: "integer",
    Kind.INT64: "integer",
    Kind.FLOAT64: "float",
}


def settled(evaluate: Evaluate) -> Evaluate:
    """Look into the interface that a pipeline's value came in: nil in it is not a value at all."""

    def settle(variables: list[Value], dot: Value) -> Value:
        value = evaluate(variables, dot)
        return MISSING if value is None else value

    return settle


def checked(evaluate: Evaluate, kind: Kind, at: int, absence: Absence = Absence.TAKEN) -> Evaluate:
    """Wrap an expression, so that it yields what a parameter of this kind accepts."""
    if kind is Kind.ANY:
        return _as_any(evaluate, at, absence)
    if kind is Kind.VALUE:
        return _as_value(evaluate, at, absence)
    if kind is Kind.STRING:
        return _as_string(evaluate, at, absence)
    accepted = _ACCEPTED[kind]

    def check(variables: list[Value], dot: Value) -> Value:
        value = evaluate(variables, dot)
        return value if type(value) in accepted else converted(value, kind, at, absence)

    return check


def _as_any(evaluate: Evaluate, at: int, absence: Absence) -> Evaluate:
    def check(variables: list[Value], dot: Value) -> Value:
        value = evaluate(variables, dot)
        kind = type(value)
        if kind is str and len(value) > LARGE:
            # Functions that take anything may look at each character, as numbers are read.
            charge_text(value, variables, at, _PER_CHARACTER)
        return given(value, Kind.ANY, absence, at) if kind is Missing else value

    return check


def _as_value(evaluate: Evaluate, at: int, absence: Absence) -> Evaluate:
    def check(variables: list[Value], dot: Value) -> Value:
        value = evaluate(variables, dot)
        kind = type(value)
        if kind is str and len(value) > LARGE:
            charge_text(value, variables, at)
        return given(value, Kind.VALUE, absence, at) if kind is Missing else value

    return check


def _as_string(evaluate: Evaluate, at: int, absence: Absence) -> Evaluate:
    def check(variables: list[Value], dot: Value) -> Value:
        value = evaluate(variables, dot)
        if type(value) is not str:
            return converted(value, Kind.STRING, at, absence)
        if len(value) > LARGE:
            charge_text(value, variables, at)
        return value

    return check


def charge_text(text: str, variables: list[Value], at: int, times: int = 1) -> None:
    """Count a long argument as steps, or as so many times as many.

    Raises:
        Failure: No steps are left.
    """
    try:
        variables[RUN_SLOT].charge_input(text, times)
    except LimitError as error:
        raise Failure(str(error), at, code=LIMIT_CODE) from None


def converted(value: Value, kind: Kind, at: int, absence: Absence = Absence.TAKEN) -> Value:
    """Return what a parameter gets of a value that is not of its very type.

    Raises:
        Failure: The value is of the wrong type, or a missing key that is not taken.
    """
    if isinstance(value, Missing):
        return given(value, kind, absence, at)
    if kind is Kind.ANY or kind is Kind.VALUE:
        return value
    found = "interface {}" if value is None else type_name(value)
    if found == kind.value:  # a time.Time, which is an object of the functions' own
        return value
    raise Failure(f"wrong type for value; expected {kind.value}; got {found}", at)


def literal(node: nodes.Operand, kind: Kind) -> Value:
    """Return the value that a literal has where a parameter of this kind stands.

    Raises:
        Failure: The literal does not fit a parameter of this kind.
    """
    if isinstance(node, nodes.Nil):
        if kind in NILS:
            return NILS[kind]()
        raise Failure(f"cannot assign nil to {kind.value}", node.at)
    if kind is Kind.ANY or kind is Kind.VALUE:
        return constant(node)
    if kind not in _WANTED:
        raise Failure(f"can't handle {node} for arg of type {kind.value}", node.at)
    value = _typed(node, kind)
    if value is None:
        raise Failure(f"expected {_WANTED[kind]}; found {node}", node.at)
    return value


def _typed(node: nodes.Operand, kind: Kind) -> Value:
    """Return the literal as a bool, string or number of the kind; None if it is none."""
    if isinstance(node, nodes.Bool) and kind is Kind.BOOL:
        return node.value
    if isinstance(node, nodes.String) and kind is Kind.STRING:
        return node.text
    if not isinstance(node, nodes.Number):
        return None
    if kind is Kind.FLOAT64:
        return node.as_float
    if node.as_int is None or kind not in (Kind.INT, Kind.INT64):
        return None
    return Int64(node.as_int) if kind is Kind.INT64 else node.as_int


def constant(node: nodes.Operand) -> Value:
    """Return the value of a literal where any type may stand.

    Raises:
        Failure: The literal is an integer that does not fit into 64 bits with a sign.
    """
    if isinstance(node, nodes.Bool):
        return node.value
    if isinstance(node, nodes.String):
        return node.text
    if isinstance(node, nodes.Number):
        return _number(node)
    raise Failure(f"can't evaluate command {node}", node.at)


def _number(node: nodes.Number) -> Value:
    if node.as_complex is not None:
        return node.as_complex
    if node.as_float is not None and _looks_like_float(node.text):
        return node.as_float
    if node.as_int is None:
        raise Failure(f"{node.text} overflows int", node.at)
    return node.as_int


def _looks_like_float(text: str) -> bool:
    if text[0] == "'":
        return False
    if text[:2] in ("0x", "0X") and not set(text) & set("pP"):
        return False
    return bool(set(text) & set(".eEpP"))
