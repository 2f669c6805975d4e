"""Fields of the data that a template has a default for: ``default "x" .a.b`` and its like.

Only fields of the root are found, as ``.a.b`` outside ``with`` and ``range`` or as ``$.a.b``
anywhere; what a field of another value means, only a rendering knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kalypso.template.syntax import nodes

_WITH_DEFAULT: Final = frozenset({"default", "coalesce"})

Found = tuple[tuple[str, ...], int]
"""The names of a field's path, and the offset of the field."""


def optional_fields(
    statements: Sequence[nodes.Statement], *, at_root: bool = True
) -> Iterator[Found]:
    """Yield the fields with a default, in the order of the text.

    Args:
        statements: The body of the main template, or a part of it.
        at_root: Whether ``.`` is the root there, as ``$`` is.
    """
    for node in statements:
        if isinstance(node, nodes.Action):
            yield from _in_pipe(node.pipe, at_root=at_root)
        elif isinstance(node, nodes.Branch):
            for pipe, body in node.arms:
                yield from _in_pipe(pipe, at_root=at_root)
                yield from optional_fields(body, at_root=at_root and node.keyword == "if")
            yield from optional_fields(node.otherwise, at_root=at_root)
        elif isinstance(node, nodes.Range):
            yield from _in_pipe(node.pipe, at_root=at_root)
            yield from optional_fields(node.body, at_root=False)
            yield from optional_fields(node.otherwise, at_root=at_root)
        elif isinstance(node, nodes.Template) and node.pipe is not None:
            yield from _in_pipe(node.pipe, at_root=at_root)


def _in_pipe(pipe: nodes.Pipe, *, at_root: bool) -> Iterator[Found]:
    before: nodes.Command | None = None
    for command in pipe.commands:
        first, *arguments = command.args
        if isinstance(first, nodes.Identifier) and first.name in _WITH_DEFAULT:
            piped = before.args if before is not None and len(before.args) == 1 else []
            for operand in (*arguments, *piped):
                yield from _field(operand, at_root=at_root)
        for operand in command.args:
            if isinstance(operand, nodes.Pipe):
                yield from _in_pipe(operand, at_root=at_root)
        before = command


def _field(operand: nodes.Operand, *, at_root: bool) -> Iterator[Found]:
    if isinstance(operand, nodes.Field):
        known = at_root
    elif isinstance(operand, nodes.Variable):
        known = operand.name == "$"
    else:
        return
    if known:
        yield operand.names, operand.at
