"""Which fields of the root a statement reads, so that what it prints may be kept while they last.

A statement that does more than read fields, such as setting a variable, reads everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kalypso.template.functions import Function
from kalypso.template.syntax import nodes


class _EverythingError(Exception):
    """Nobody can say what a statement reads."""


def reads(node: nodes.Statement, functions: Mapping[str, Function]) -> frozenset[str] | None:
    """Return the names of the root's fields that a statement of the main template reads.

    Args:
        node: The statement.
        functions: What it may call; the result of one that draws lots or reads the clock is not
            that of its arguments alone.

    Returns:
        The names; None if it may read anything, change anything, or print something else each time.
    """
    try:
        return frozenset(_Reader(functions).of_statement(node, at_root=True))
    except _EverythingError:
        return None


def printed_field(node: nodes.Statement) -> tuple[str, ...]:
    """Return the path of the field that a statement of the main template prints, and no more."""
    if not isinstance(node, nodes.Action) or len(node.pipe.commands) != 1:
        return ()
    args = node.pipe.commands[0].args
    operand = args[0]
    if len(args) > 1 or node.pipe.variables:
        return ()
    if isinstance(operand, nodes.Variable) and operand.name == "$":
        return operand.names
    return operand.names if isinstance(operand, nodes.Field) else ()


class _Reader:
    """Walks through statements; the variables are those that a statement declares itself."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self._own: set[str] = set()

    def of_statement(self, node: nodes.Statement, *, at_root: bool) -> Iterator[str]:
        if isinstance(node, nodes.Action):
            if node.pipe.variables:
                raise _EverythingError
            yield from self._pipe(node.pipe, at_root=at_root)
        elif isinstance(node, nodes.Branch):
            below = at_root and node.keyword == "if"
            for pipe, body in node.arms:
                yield from self._declaring(pipe, at_root=at_root)
                yield from self._body(body, at_root=below)
            yield from self._body(node.otherwise, at_root=at_root)
        elif isinstance(node, nodes.Range):
            yield from self._declaring(node.pipe, at_root=at_root)
            yield from self._body(node.body, at_root=False)
            yield from self._body(node.otherwise, at_root=at_root)
        elif isinstance(node, nodes.Template):
            raise _EverythingError

    def _body(self, statements: Sequence[nodes.Statement], *, at_root: bool) -> Iterator[str]:
        for node in statements:
            yield from self.of_statement(node, at_root=at_root)

    def _declaring(self, pipe: nodes.Pipe, *, at_root: bool) -> Iterator[str]:
        if pipe.assigns:
            raise _EverythingError
        self._own |= {variable.name for variable in pipe.variables}
        yield from self._pipe(pipe, at_root=at_root)

    def _pipe(self, pipe: nodes.Pipe, *, at_root: bool) -> Iterator[str]:
        for command in pipe.commands:
            for operand in command.args:
                yield from self._operand(operand, at_root=at_root)

    def _operand(self, operand: nodes.Operand, *, at_root: bool) -> Iterator[str]:
        match operand:
            case nodes.Field() if at_root:
                yield operand.names[0]
            case nodes.Dot() if at_root:
                raise _EverythingError
            case nodes.Variable(name="$"):
                if not operand.names:
                    raise _EverythingError
                yield operand.names[0]
            case nodes.Variable() if operand.name not in self._own:
                raise _EverythingError
            case nodes.Identifier():
                self._judge(operand.name)
            case nodes.Chain():
                yield from self._operand(operand.operand, at_root=at_root)
            case nodes.Pipe():
                if operand.variables:
                    raise _EverythingError
                yield from self._pipe(operand, at_root=at_root)
            case _:
                pass

    def _judge(self, name: str) -> None:
        function = self._functions.get(name)
        pure = function is not None and function.repeats and not function.changes
        if function is None or not pure or function.control == "call":
            raise _EverythingError
