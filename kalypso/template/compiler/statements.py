"""Actions and control structures as closures that return text.

Follows ``walk`` and its like of Go's text/template/exec.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kalypso.golang.fmt import printed
from kalypso.golang.strconv import quote
from kalypso.golang.values import Missing, Value
from kalypso.spelling import nearest
from kalypso.template.compiler.absence import no_value
from kalypso.template.compiler.closures import Evaluate, Jump, Render
from kalypso.template.compiler.expressions import ExpressionCompiler
from kalypso.template.compiler.fields import quick_field
from kalypso.template.compiler.loops import compile_range, jumps
from kalypso.template.compiler.scope import RUN_SLOT, UNSET, Scope
from kalypso.template.compiler.texts import filled, fixed, interruptible, joined, nothing
from kalypso.template.compiler.tracing import shown
from kalypso.template.failures import Failure, MissingKey
from kalypso.template.functions import Function
from kalypso.template.limits import LIMIT_CODE, LimitError, Run
from kalypso.template.syntax import nodes
from kalypso.template.twins import Twin, parted

_MOST_VALUES: Final = 64
"""Values that one format string takes, so that the output limit is checked in between."""


class Program:
    """A compiled named template."""

    __slots__ = ("body", "free_slots", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.body: Render = nothing
        self.free_slots = 0
        """How many slots there are after the run and ``$``."""


class StatementCompiler:
    """Compiles the body of one named template."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        missing_key: MissingKey,
        programs: Mapping[str, Program],
        *,
        traced: bool = False,
    ) -> None:
        self.scope = Scope()
        self.expressions = ExpressionCompiler(functions, missing_key, self.scope, traced=traced)
        self.programs = programs
        self.strict = missing_key == "error"
        self.loops = 0

    def body(self, statements: Sequence[nodes.Statement]) -> Render:
        """Compile statements into one closure."""
        if self.loops and jumps(statements):
            return interruptible([self._one(node) for node in statements])
        at = statements[0].at if statements else 0
        texts, others = parted_texts(statements)
        values = list(map(self._one, others))
        runs: list[Render] = []
        while len(values) > _MOST_VALUES:
            runs.append(filled([*texts[:_MOST_VALUES], ""], values[:_MOST_VALUES], at))
            texts, values = texts[_MOST_VALUES:], values[_MOST_VALUES:]
        runs.append(filled(texts, values, at))
        return runs[0] if len(runs) == 1 else joined(runs, at)

    def scoped(self, statements: Sequence[nodes.Statement]) -> Render:
        """Compile statements whose variables end with them."""
        mark = self.scope.mark()
        render = self.body(statements)
        self.scope.release(mark)
        return render

    def _one(self, node: nodes.Statement) -> Render:
        if isinstance(node, nodes.Text):
            return fixed(node.text)
        if isinstance(node, nodes.Action):
            return self._action(node)
        if isinstance(node, nodes.Branch):
            return self._branch(node)
        if isinstance(node, nodes.Range):
            return compile_range(self, node)
        if isinstance(node, nodes.Template):
            return self._template(node)
        return _jump(node)

    def _action(self, node: nodes.Action) -> Render:
        evaluate = self.expressions.pipe(node.pipe, raw=True)
        if node.pipe.variables:
            return _silent(evaluate)
        show = _shown(evaluate, node.at, node.pipe, strict=self.strict)
        return self._quick(node.pipe, show) or show

    def _quick(self, pipe: nodes.Pipe, show: Render) -> Render | None:
        """Compile what most actions are, a field or variable that holds a string."""
        if len(pipe.commands) > 1 or len(pipe.commands[0].args) > 1:
            return None
        operand = pipe.commands[0].args[0]
        if isinstance(operand, nodes.Field):
            return quick_field(operand.names, show)
        if isinstance(operand, nodes.Dot):
            return _quick_dot(show)
        if isinstance(operand, nodes.Variable) and not operand.names:
            entries = self.scope.lookup(operand.name)
            if entries and entries[0].certain:
                return _quick_variable(entries[0].slot, show)
        return None

    def _branch(self, node: nodes.Branch) -> Render:
        mark = self.scope.mark()
        arms: list[tuple[Evaluate, Render]] = []
        for pipe, statements in node.arms:
            condition = self.expressions.pipe(pipe, raw=True)
            origin = self.scope.dot_origin
            if node.keyword == "with":
                self.scope.dot_origin = 0
            arms.append((condition, self.scoped(statements)))
            self.scope.dot_origin = origin
        otherwise = self.scoped(node.otherwise) if node.otherwise else nothing
        self.scope.release(mark)
        if node.keyword == "with":
            return _with(arms, otherwise)
        return _if(arms[0][0], arms[0][1], otherwise) if len(arms) == 1 else _ifs(arms, otherwise)

    def _template(self, node: nodes.Template) -> Render:
        program = self.programs.get(node.name)
        if program is None:
            near = nearest(node.name, self.programs)
            hint = f"the nearest template is {quote(near)}" if near else ""
            failure = Failure(f"template {quote(node.name)} not defined", node.at, hint=hint)
            return _undefined(failure)
        argument = _no_argument if node.pipe is None else self.expressions.pipe(node.pipe)
        return _invocation(program, argument, node.at)


def parted_texts(
    statements: Sequence[nodes.Statement],
) -> tuple[list[str], list[nodes.Statement]]:
    """Part the texts of a body from what stands between them."""
    texts, others = [""], list[nodes.Statement]()
    for node in statements:
        if isinstance(node, nodes.Text):
            texts[-1] += node.text
        else:
            texts.append("")
            others.append(node)
    return texts, others


def _no_argument(_variables: list[Value], _dot: Value) -> Value:
    return Missing()


def _jump(node: nodes.Jump) -> Render:
    def leave(_variables: list[Value], _dot: Value) -> str:
        raise Jump(node.keyword)

    return leave


def _silent(evaluate: Evaluate) -> Render:
    def run(variables: list[Value], dot: Value) -> str:
        evaluate(variables, dot)
        return ""

    return run


def _shown(evaluate: Evaluate, at: int, pipe: nodes.Pipe, *, strict: bool) -> Render:
    def show(variables: list[Value], dot: Value) -> Value:
        value = evaluate(variables, dot)
        kind = type(value)
        if kind is str:
            return value
        if kind is int:
            return str(value)
        if strict and (value is None or kind is Missing):
            raise no_value(value, pipe, at)
        run: Run = variables[RUN_SLOT]
        value = parted(value) if run.marks is not None else value
        if type(value) is Twin:
            return shown(value, lambda side: _printed(side, run, at), run)
        return _printed(value, run, at)

    return show


def _printed(value: Value, run: Run, at: int) -> str:
    try:
        run.weigh((value,))
    except LimitError as error:
        raise Failure(str(error), at, code=LIMIT_CODE) from None
    return printed(value)


def _quick_variable(slot: int, show: Render) -> Render:
    def run(variables: list[Value], dot: Value) -> Value:
        value = variables[slot]
        return value if type(value) is str else show(variables, dot)

    return run


def _quick_dot(show: Render) -> Render:
    def run(variables: list[Value], dot: Value) -> Value:
        return dot if type(dot) is str else show(variables, dot)

    return run


def _if(condition: Evaluate, body: Render, otherwise: Render) -> Render:
    def choose(variables: list[Value], dot: Value) -> str:
        if condition(variables, dot):
            return body(variables, dot)
        return otherwise(variables, dot)

    return choose


def _ifs(arms: list[tuple[Evaluate, Render]], otherwise: Render) -> Render:
    def choose(variables: list[Value], dot: Value) -> str:
        for condition, body in arms:
            if condition(variables, dot):
                return body(variables, dot)
        return otherwise(variables, dot)

    return choose


def _with(arms: list[tuple[Evaluate, Render]], otherwise: Render) -> Render:
    def choose(variables: list[Value], dot: Value) -> str:
        for condition, body in arms:
            value = condition(variables, dot)
            if value:
                return body(variables, value)
        return otherwise(variables, dot)

    return choose


def _undefined(failure: Failure) -> Render:
    def fail(_variables: list[Value], _dot: Value) -> str:
        raise Failure(failure.message, failure.at, hint=failure.hint)

    return fail


def _invocation(program: Program, argument: Evaluate, at: int) -> Render:
    def invoke(variables: list[Value], dot: Value) -> str:
        run = variables[RUN_SLOT]
        limit = run.limits.depth
        if run.depth >= limit:
            message = f"exceeded maximum template depth ({limit})"
            raise Failure(message, at, code=LIMIT_CODE)
        value = argument(variables, dot)
        run.depth += 1
        run.steps -= 1
        if run.steps < run.look:
            run.check(at)
        text = program.body([run, value, *([UNSET] * program.free_slots)], value)
        run.depth -= 1
        return text

    return invoke
