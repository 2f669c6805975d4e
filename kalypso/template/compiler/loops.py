"""``range``: what it visits, in which order, and how ``break`` and ``continue`` leave it.

Follows ``walkRange`` of Go's text/template/exec.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

from kalypso.golang.fmt import sprint_v
from kalypso.golang.values import (
    MAPS,
    Int32,
    Int64,
    IntList,
    ListList,
    Missing,
    NilList,
    StringList,
    Uint8,
    Uint64,
    Value,
    sorted_items,
)
from kalypso.template.compiler.closures import Jump, Render
from kalypso.template.compiler.expressions import ExpressionCompiler
from kalypso.template.compiler.fields import holds_interfaces
from kalypso.template.compiler.scope import RUN_SLOT, SCRATCH_SLOT, Scope
from kalypso.template.failures import Failure
from kalypso.template.syntax import nodes
from kalypso.template.twins import Twin, members

_LISTS: Final = frozenset({list, StringList, IntList, ListList, NilList})
_WRAPPED: Final = frozenset({Int64, Int32, Uint64, Uint8})


class BodyCompiler(Protocol):
    """What a loop needs of the compiler of statements."""

    scope: Scope
    expressions: ExpressionCompiler
    loops: int
    """How many loops are around what is being compiled."""

    def scoped(self, statements: Sequence[nodes.Statement]) -> Render:
        """Compile statements whose variables end with them."""


def jumps(statements: Sequence[nodes.Statement]) -> bool:
    """Return whether ``break`` or ``continue`` may leave these statements."""
    for node in statements:
        if isinstance(node, nodes.Jump):
            return True
        if isinstance(node, nodes.Branch) and (
            jumps(node.otherwise) or any(jumps(body) for _, body in node.arms)
        ):
            return True
        if isinstance(node, nodes.Range) and jumps(node.otherwise):
            return True
    return False


def weight(statements: Sequence[nodes.Statement]) -> int:
    """Return how many steps one run of these statements counts, loops in it not included."""
    total = 1
    for node in statements:
        if isinstance(node, nodes.Action):
            total += sum(len(command.args) for command in node.pipe.commands)
        elif isinstance(node, nodes.Branch):
            total += 1 + weight(node.otherwise)
            total += sum(1 + weight(body) for _, body in node.arms)
    return total


def compile_range(compiler: BodyCompiler, node: nodes.Range) -> Render:
    """Compile a loop."""
    scope = compiler.scope
    mark, outer_origin = scope.mark(), scope.dot_origin
    evaluate = compiler.expressions.pipe(node.pipe, raw=True)
    origin = scope.new_slot()
    names = [variable.name for variable in node.pipe.variables]
    if node.pipe.assigns:
        slots = [entries[0].slot for name in names if (entries := scope.lookup(name))]
    else:
        first = len(scope.entries) - len(names)
        slots = [entry.slot for entry in scope.entries[first:]]
        del scope.entries[first:]
    for name, slot in zip(names, slots, strict=False):
        scope.redeclare(name, slot, origin)
    scope.dot_origin = origin
    compiler.loops += 1
    body = compiler.scoped(node.body)
    compiler.loops -= 1
    scope.dot_origin = outer_origin
    nothing_to_visit = _otherwise(compiler.scoped(node.otherwise))
    scope.release(mark)
    index_slot = slots[0] if len(slots) > 1 else SCRATCH_SLOT
    item_slot = slots[-1] if slots else SCRATCH_SLOT
    iterate = _iteration(body, index_slot, item_slot, weight(node.body), node.at)
    two_variables = len(names) > 1
    at = node.pipe.commands[0].at

    def loop(variables: list[Value], dot: Value) -> str:
        value = evaluate(variables, dot)
        visit = _visited(value, at, two_variables=two_variables)
        if not visit:
            return nothing_to_visit(variables, dot)
        variables[origin] = holds_interfaces(value)
        return iterate(variables, visit)

    return loop


def _otherwise(body: Render) -> Render:
    def run(variables: list[Value], dot: Value) -> str:
        try:
            return body(variables, dot)
        except Jump as jump:
            # In Go a break in the else part leaves this loop, a continue the one around it.
            if jump.keyword == "continue":
                raise
            return jump.text

    return run


def _iteration(
    body: Render, index_slot: int, item_slot: int, steps: int, at: int
) -> Callable[[list[Value], Iterable[tuple[Value, Value]]], str]:
    def iterate(variables: list[Value], visit: Iterable[tuple[Value, Value]]) -> str:
        run = variables[RUN_SLOT]
        room = run.output
        pieces: list[str] = []
        for index, item in visit:
            run.steps -= steps
            if run.steps < run.look:
                run.check(at)
            variables[index_slot] = index
            variables[item_slot] = item
            try:
                piece = body(variables, item)
            except Jump as jump:
                pieces.append(jump.text)
                if jump.keyword == "break":
                    break
                piece = ""
            room -= len(piece)
            if room < 0:
                raise run.out_of_room(at)
            pieces.append(piece)
        return "".join(pieces)

    return iterate


def _visited(value: Value, at: int, *, two_variables: bool) -> Iterable[tuple[Value, Value]]:
    """Return index or key, and value, of all that ``range`` visits; empty for nothing.

    Raises:
        Failure: The value is none that ``range`` can visit.
    """
    kind = type(value)
    if kind in _LISTS:
        return list(enumerate(value))
    if kind in MAPS:
        return sorted_items(value)
    if kind is int or kind in _WRAPPED:
        if two_variables:
            message = f"can't use {value} to iterate over more than one variable"
            raise Failure(message, at)
        return _Counting(kind, value)
    if value is None or isinstance(value, Missing):
        return ()
    if kind is Twin:
        return members(value, list(_visited(value.real, at, two_variables=two_variables)))
    raise Failure(f"range can't iterate over {sprint_v(value)}", at)


class _Counting:
    """The numbers below a limit, each of the limit's type."""

    __slots__ = ("kind", "limit")

    def __init__(self, kind: type, limit: int) -> None:
        self.kind = kind
        self.limit = limit

    def __bool__(self) -> bool:
        return self.limit > 0

    def __iter__(self) -> Iterator[tuple[Value, Value]]:
        kind = self.kind
        for number in range(self.limit):
            yield None, kind(number)
