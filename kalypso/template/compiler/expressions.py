"""Pipelines, commands and operands as closures.

Follows ``evalPipeline``, ``evalCommand`` and ``evalArg`` of Go's text/template/exec.go.
A closure gets the variables of the running template and the dot, and returns a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kalypso.golang.values import (
    MAPS,
    MISSING,
    GoObject,
    Missing,
    Struct,
    Value,
)
from kalypso.template.compiler.arguments import constant, settled
from kalypso.template.compiler.calls import Argument, Held, Site, compile_call
from kalypso.template.compiler.closures import Constant, Evaluate
from kalypso.template.compiler.fields import (
    FieldReader,
    cannot_evaluate,
    holds_interfaces,
)
from kalypso.template.compiler.scope import UNSET, Entry, Scope
from kalypso.template.compiler.tracing import TracedCall, waiting
from kalypso.template.failures import Failure, MissingKey
from kalypso.template.functions import Function
from kalypso.template.syntax import nodes
from kalypso.template.twins import Twin


class ExpressionCompiler:
    """Compiles the expressions of one named template."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        missing_key: MissingKey,
        scope: Scope,
        *,
        traced: bool = False,
    ) -> None:
        self.functions = functions
        self.fields = FieldReader(missing_key)
        self.strict = missing_key == "error"
        self.scope = scope
        self.traced = traced

    def pipe(self, pipe: nodes.Pipe, *, raw: bool = False) -> Evaluate:
        """Compile a pipeline and the declaration of its variables.

        Args:
            pipe: What to compile.
            raw: Whoever uses the value makes no difference between nil and missing.
        """
        evaluate: Evaluate | None = None
        for command in pipe.commands:
            evaluate = self._command(command, evaluate)
        if evaluate is None:  # pragma: no cover - the parser refuses empty pipelines
            return lambda _variables, _dot: MISSING
        if pipe.variables:
            return self._declaration(pipe, settled(evaluate))
        return evaluate if raw or _is_settled(pipe) else settled(evaluate)

    def _declaration(self, pipe: nodes.Pipe, evaluate: Evaluate) -> Evaluate:
        for variable in pipe.variables:
            if pipe.assigns:
                evaluate = self._assignment(variable, evaluate)
            else:
                evaluate = _stored(evaluate, self.scope.declare(variable.name))
        return evaluate

    def _assignment(self, variable: nodes.Variable, evaluate: Evaluate) -> Evaluate:
        entries = self.scope.lookup(variable.name)
        slots = [entry.slot for entry in entries]
        if entries and entries[0].certain:
            return _stored(evaluate, slots[0])

        def assign(variables: list[Value], dot: Value) -> Value:
            value = evaluate(variables, dot)
            for slot in slots:
                if variables[slot] is not UNSET:
                    variables[slot] = value
                    return value
            raise Failure(f"undefined variable: {variable.name}", variable.at)

        return assign

    def _command(self, command: nodes.Command, final: Evaluate | None) -> Evaluate:
        first, rest = command.args[0], command.args[1:]
        if isinstance(first, nodes.Identifier):
            return self._call(first, rest, command.at, final)
        if not rest and final is None:
            if isinstance(first, nodes.Nil):
                return _failing(Failure("nil is not a command", first.at), None)
            return self.operand(first)
        if isinstance(first, (nodes.Field, nodes.Chain)) or (
            isinstance(first, nodes.Variable) and first.names
        ):
            return self._method(first, rest, final)
        failure = Failure(f"can't give argument to non-function {first}", first.at)
        if isinstance(first, nodes.Variable):
            final = _after(final, self._variable(first))
        return _failing(failure, final)

    def operand(self, node: nodes.Operand) -> Evaluate:
        """Compile an operand without arguments; not ``nil``, which has no value of its own."""
        if isinstance(node, nodes.Field):
            return self.fields.from_dot(node.names, node.at, self.scope.dot_origin)
        if isinstance(node, nodes.Variable):
            return self._variable(node)
        if isinstance(node, nodes.Chain):
            base = self.operand(node.operand)
            return self.fields.from_value(base, node.names, node.at, 0)
        if isinstance(node, nodes.Identifier):
            return self._call(node, [], node.at, None)
        if isinstance(node, nodes.Pipe):
            return self.pipe(node)
        return _dot if isinstance(node, nodes.Dot) else _constant(node)

    def _variable(self, node: nodes.Variable) -> Evaluate:
        entries = self.scope.lookup(node.name)
        evaluate = _loaded(node, entries)
        if not node.names:
            return evaluate
        at = node.at + len(node.name)
        return self.fields.from_value(evaluate, node.names, at, entries[0].origin if entries else 0)

    def _call(
        self,
        identifier: nodes.Identifier,
        args: list[nodes.Operand],
        at: int,
        final: Evaluate | None,
    ) -> Evaluate:
        function = self.functions[identifier.name]
        lazy = function.lazy
        outer = self.scope.conditional
        arguments: list[Argument] = []
        for position, node in enumerate(args):
            self.scope.conditional = outer or (lazy and position > 0)
            arguments.append(Argument(node, None if _is_literal(node) else self.operand(node)))
        self.scope.conditional = outer
        if self.traced and not function.control:
            return self._traced(identifier, function, arguments, at, final)
        if final is not None and arguments:
            final = Held(final, self.scope.new_slot())
        return compile_call(Site(identifier, at, self.strict), function, arguments, final)

    def _traced(
        self,
        identifier: nodes.Identifier,
        function: Function,
        arguments: list[Argument],
        at: int,
        final: Evaluate | None,
    ) -> Evaluate:
        """Compile a call whose arguments wait in slots, so that it can be made twice."""
        slots = [self.scope.new_slot() if each.evaluate else 0 for each in arguments]
        filled = {slot: each.evaluate for slot, each in zip(slots, arguments, strict=True)}
        waits = [
            Argument(each.node, waiting(slot) if slot else None)
            for slot, each in zip(slots, arguments, strict=True)
        ]
        last: Evaluate | None = None
        if final is not None:
            slots.append(self.scope.new_slot())
            filled = {slots[-1]: final, **filled}
            last = waiting(slots[-1])
        call = compile_call(Site(identifier, at, self.strict), function, waits, last)
        sources = {slot: evaluate for slot, evaluate in filled.items() if evaluate}
        return TracedCall(call, function, sources, slots, at)

    def _method(
        self,
        node: nodes.Field | nodes.Variable | nodes.Chain,
        args: list[nodes.Operand],
        final: Evaluate | None,
    ) -> Evaluate:
        """Compile a field with arguments, which only a method takes."""
        *path, name = node.names
        at = node.at + sum(len(part) + 1 for part in path)
        at += len(node.name) if isinstance(node, nodes.Variable) else 0
        receiver = self._path(node, path)
        holder = self._path(node, path[:-1]) if path else None
        arguments = [Argument(arg, None if _is_literal(arg) else self.operand(arg)) for arg in args]

        def call(variables: list[Value], dot: Value) -> Value:
            last = None if final is None else Constant(settled(final)(variables, dot))
            value = receiver(variables, dot)
            if isinstance(value, Missing):
                return value
            value = value.real if type(value) is Twin else value
            if isinstance(value, GoObject) and name in value.methods:
                method = value.methods[name]
                bound = Function(method.params, partial(method.call, value), method.variadic)
                site = Site(nodes.Identifier(at, name), at, self.strict)
                command = compile_call(site, bound, arguments, last)
                return command(variables, dot)
            if type(value) in MAPS:
                raise Failure(f"{name} is not a method but has arguments", at)
            if isinstance(value, Struct) and name in value.fields:
                raise Failure(f"{name} has arguments but cannot be invoked as function", at)
            boxed = holder is not None and holds_interfaces(holder(variables, dot))
            raise cannot_evaluate(value, name, at, boxed=boxed)

        return call

    def _path(self, node: nodes.Field | nodes.Variable | nodes.Chain, names: list[str]) -> Evaluate:
        """Compile the start of a chain of fields."""
        if isinstance(node, nodes.Variable):
            return self._variable(nodes.Variable(node.at, node.name, tuple(names)))
        if isinstance(node, nodes.Chain):
            start, origin = self.operand(node.operand), 0
        else:
            start, origin = _dot, self.scope.dot_origin
        return self.fields.from_value(start, tuple(names), node.at, origin) if names else start


def _dot(_variables: list[Value], dot: Value) -> Value:
    return dot


def _constant(node: nodes.Operand) -> Evaluate:
    try:
        return Constant(constant(node))
    except Failure as failure:
        return _failing(failure, None)


def _is_literal(node: nodes.Operand) -> bool:
    return isinstance(node, (nodes.Nil, nodes.Bool, nodes.Number, nodes.String))


def _is_settled(pipe: nodes.Pipe) -> bool:
    """Return whether a pipeline cannot yield nil, so that there is nothing to settle."""
    first = pipe.commands[-1].args[0]
    return isinstance(first, (nodes.Bool, nodes.Number, nodes.String, nodes.Pipe))


def _stored(evaluate: Evaluate, slot: int) -> Evaluate:
    def store(variables: list[Value], dot: Value) -> Value:
        value = variables[slot] = evaluate(variables, dot)
        return value

    return store


def _loaded(node: nodes.Variable, entries: list[Entry]) -> Evaluate:
    slots = [entry.slot for entry in entries]
    if entries and entries[0].certain:
        slot = slots[0]
        return lambda variables, _dot: variables[slot]

    def load(variables: list[Value], _dot: Value) -> Value:
        for slot in slots:
            if variables[slot] is not UNSET:
                return variables[slot]
        raise Failure(f"undefined variable: {node.name}", node.at)

    return load


def _after(before: Evaluate | None, evaluate: Evaluate) -> Evaluate:
    """Compile two expressions of which only the second one's value counts."""

    def run(variables: list[Value], dot: Value) -> Value:
        if before is not None:
            before(variables, dot)
        return evaluate(variables, dot)

    return run


def _failing(failure: Failure, final: Evaluate | None) -> Evaluate:
    """Compile what is known to fail, once what comes before it has been evaluated."""

    def fail(variables: list[Value], dot: Value) -> Value:
        if final is not None:
            final(variables, dot)
        raise Failure(failure.message, failure.at, code=failure.code, hint=failure.hint)

    return fail
