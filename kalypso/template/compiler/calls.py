"""Calls of functions as closures: arity, arguments, and what the compiler evaluates itself.

Follows ``evalCall`` of Go's text/template/exec.go, ``and``, ``or`` and ``call`` included.
"""

from __future__ import annotations

import msgspec

from kalypso.golang.signatures import Kind
from kalypso.golang.values import Missing, Value, type_name
from kalypso.template.compiler.arguments import checked, literal, settled
from kalypso.template.compiler.closures import Constant, Evaluate
from kalypso.template.compiler.guards import Guard, guarded, priced
from kalypso.template.failures import Failure
from kalypso.template.functions import Absence, Function
from kalypso.template.syntax import nodes


class Argument(msgspec.Struct, frozen=True):
    """An operand after a function's name."""

    node: nodes.Operand
    evaluate: Evaluate | None
    """None for a literal, whose value depends on the parameter's kind."""


class Site(msgspec.Struct, frozen=True):
    """The place of a call in its template, and the rule about missing keys there."""

    identifier: nodes.Identifier
    """The function's name, at which messages about the number of arguments point."""
    at: int
    """Offset of the command, at which messages about the call point."""
    strict: bool
    """A missing key is an error, unless the function is about absence."""


# How a call becomes closures: `{{ .Region | printf "%s-%s" .Name }}` has two arguments after the
# name, and a final one from the pipe.
#
#   1. `.Name` and `.Region` have been compiled before, to closures of the variables and the dot.
#      The literal has not: whether `1` is an integer or a float depends on the parameter.
#   2. `_argument` and `checked` wrap each in a test of what its parameter takes. A literal is
#      tested here and now.
#   3. `guarded` makes one closure of it all: it runs the operands, and calls the function with what
#      they return. A template is compiled once and rendered for thousands of assignments, so what
#      can be decided here, such as whether the number of arguments is right, is decided here.
#
# A call that can only fail is not an error yet: Go reports it when the call is reached, which may
# be never. So `{{ if false }}{{ upper }}{{ end }}` renders: `_failing` takes the place of the call.


class Held:
    """What comes through the pipe, and a slot where it can wait for the other arguments."""

    __slots__ = ("evaluate", "slot")

    def __init__(self, evaluate: Evaluate, slot: int) -> None:
        self.evaluate = evaluate
        self.slot = slot

    def __call__(self, variables: list[Value], dot: Value) -> Value:
        """Return the value."""
        return self.evaluate(variables, dot)


def compile_call(
    site: Site,
    function: Function,
    arguments: list[Argument],
    final: Evaluate | None,
) -> Evaluate:
    """Compile a call.

    Args:
        site: Where it is.
        function: What is called.
        arguments: What stands after the name.
        final: The value before ``|``, which becomes the last argument.
    """
    identifier, name, at = site.identifier, site.identifier.name, site.at
    absence = function.absence if site.strict else Absence.TAKEN
    mistake = _wrong_number(name, function, len(arguments), piped=final is not None)
    if mistake is not None:
        return _failing(Failure(mistake, identifier.at), final)
    evaluated = [
        _argument(argument, _kind(function, position), absence)
        for position, argument in enumerate(arguments)
    ]
    if final is not None:
        kind = _kind(function, len(arguments))
        if isinstance(final, Held):
            if function.lazy or not all(isinstance(argument, Constant) for argument in evaluated):
                final, evaluated = _final_first(final, evaluated)
            else:
                final = final.evaluate
        # For a parameter of any type, nil and no value at all are the same.
        final = final if kind is Kind.ANY else settled(final)
        evaluated.append(checked(final, kind, identifier.at, absence))
    if function.lazy:
        return _logic(evaluated, stop=function.control == "or")
    if function.control == "call":
        return _refused_call(arguments, evaluated, at)
    guard = Guard(name, at, function)
    call = guarded(function.call, evaluated, guard)
    return priced(call, function.price, guard) if function.price else call


def _kind(function: Function, position: int) -> Kind:
    """Return the kind of the parameter at a position, which a variadic last one repeats."""
    return function.params[min(position, len(function.params) - 1)]


def _wrong_number(name: str, function: Function, given: int, *, piped: bool) -> str | None:
    wanted = len(function.params)
    total = given + piped
    if function.variadic:
        if total < wanted - 1:
            return f"wrong number of args for {name}: want at least {wanted - 1} got {given}"
    elif total != wanted:
        return f"wrong number of args for {name}: want {wanted} got {total}"
    return None


def _argument(argument: Argument, kind: Kind, absence: Absence) -> Evaluate:
    if argument.evaluate is not None:
        return checked(argument.evaluate, kind, argument.node.at, absence)
    try:
        return Constant(literal(argument.node, kind))
    except Failure as failure:
        return _failing(failure, None)


def _failing(failure: Failure, final: Evaluate | None) -> Evaluate:
    def fail(variables: list[Value], dot: Value) -> Value:
        if final is not None:
            final(variables, dot)
        raise Failure(failure.message, failure.at, hint=failure.hint)

    return fail


def _final_first(final: Held, evaluated: list[Evaluate]) -> tuple[Evaluate, list[Evaluate]]:
    """Make a call evaluate what comes through the pipe before its other arguments.

    Go runs `{{ set $d "a" 1 | print (get $d "a") }}` from left to right: `set`, then `get`, then
    `print` with both. A call here runs its operands in the order in which the function takes them,
    and the piped one is the last: `get` would run before `set`, and find nothing. So the first
    operand does two things, and the last only fetches:

        print( [slot := set(...); get(...)],  slot )

    Calls whose other operands are all literals keep the short way: nobody can see the difference.
    """
    evaluate, slot = final.evaluate, final.slot
    first, *rest = evaluated

    def hold(variables: list[Value], dot: Value) -> Value:
        variables[slot] = evaluate(variables, dot)
        return first(variables, dot)

    return lambda variables, _dot: variables[slot], [hold, *rest]


def _logic(evaluated: list[Evaluate], *, stop: bool) -> Evaluate:
    """Compile ``or`` (stops at a true argument) or ``and`` (at a false one)."""
    *before, last = evaluated

    def choose(variables: list[Value], dot: Value) -> Value:
        for evaluate in before:
            value = evaluate(variables, dot)
            if bool(value) is stop:
                return value
        return last(variables, dot)

    return choose


def _refused_call(arguments: list[Argument], evaluated: list[Evaluate], at: int) -> Evaluate:
    """Compile ``call``, which finds nothing to call: no value of a template is a function."""

    def fail(variables: list[Value], dot: Value) -> Value:
        values = [evaluate(variables, dot) for evaluate in evaluated]
        value = values[0]
        if value is None or isinstance(value, Missing):
            raise Failure("error calling call: call of nil", at)
        shown = str(arguments[0].node) if arguments else _reflected(value)
        message = f"error calling call: non-function {shown} of type {type_name(value)}"
        raise Failure(message, at)

    return fail


def _reflected(value: Value) -> str:
    return value if isinstance(value, str) else f"<{type_name(value)} Value>"
