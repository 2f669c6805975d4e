"""The parsed form of a template: actions, pipelines, commands and their operands.

``str()`` of a node is its source in Go's normal form, which messages quote.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec


class Dot(msgspec.Struct):
    """``.``."""

    at: int

    def __str__(self) -> str:
        return "."


class Nil(msgspec.Struct):
    """``nil``."""

    at: int

    def __str__(self) -> str:
        return "nil"


class Bool(msgspec.Struct):
    """``true`` or ``false``."""

    at: int
    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


class Number(msgspec.Struct):
    """A number or character: which Go types it fits shows only where it is used."""

    at: int
    text: str
    as_int: int | None = None
    """Its value as an int64; None if it has none."""
    as_float: float | None = None
    as_complex: complex | None = None
    """Set for imaginary numbers only."""
    overflows: bool = False
    """Fits an uint64 but no int64."""

    def __str__(self) -> str:
        return self.text


class String(msgspec.Struct):
    """A string in double quotes or backquotes."""

    at: int
    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


class Identifier(msgspec.Struct):
    """The name of a function."""

    at: int
    name: str

    def __str__(self) -> str:
        return self.name


class Field(msgspec.Struct):
    """``.a.b``."""

    at: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return "." + ".".join(self.names)


class Variable(msgspec.Struct):
    """``$x``, or a chain of fields on it: ``$x.a.b``."""

    at: int
    name: str
    """With its dollar sign."""
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.name, *self.names))


class Chain(msgspec.Struct):
    """Fields on a parenthesised pipeline or a function: ``(index .x 0).a``."""

    at: int
    """Where the first field stands."""
    operand: Operand
    names: tuple[str, ...]

    def __str__(self) -> str:
        shown = f"({self.operand})" if isinstance(self.operand, Pipe) else str(self.operand)
        return ".".join((shown, *self.names))


class Command(msgspec.Struct):
    """A function or operand, with arguments after it."""

    at: int
    args: list[Operand] = msgspec.field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(f"({arg})" if isinstance(arg, Pipe) else str(arg) for arg in self.args)


class Pipe(msgspec.Struct):
    """Commands joined by ``|``, and the variables that get the result."""

    at: int
    variables: list[Variable] = msgspec.field(default_factory=list)
    assigns: bool = False
    """``=`` rather than ``:=``."""
    commands: list[Command] = msgspec.field(default_factory=list)

    def __str__(self) -> str:
        shown = " | ".join(map(str, self.commands))
        if not self.variables:
            return shown
        names = ", ".join(map(str, self.variables))
        return f"{names} {'=' if self.assigns else ':='} {shown}"


Operand: TypeAlias = (
    Dot | Nil | Bool | Number | String | Identifier | Field | Variable | Chain | Pipe
)


class Text(msgspec.Struct):
    """What stands between actions; white space that markers trim is gone."""

    at: int
    text: str


class Action(msgspec.Struct):
    """``{{ pipeline }}``."""

    at: int
    pipe: Pipe


class Branch(msgspec.Struct):
    """``if`` or ``with``, its ``else if`` and ``else with`` arms, and ``else``."""

    at: int
    keyword: Literal["if", "with"]
    arms: list[tuple[Pipe, list[Statement]]]
    otherwise: list[Statement]


class Range(msgspec.Struct):
    """``range``, and what ``else`` prints when there is nothing to visit."""

    at: int
    pipe: Pipe
    body: list[Statement]
    otherwise: list[Statement]


class Template(msgspec.Struct):
    """``{{ template "name" pipeline }}``; also stands where a ``block`` was."""

    at: int
    name: str
    quoted: str
    pipe: Pipe | None

    def __str__(self) -> str:
        argument = "" if self.pipe is None else f" {self.pipe}"
        return f"{{{{template {self.quoted}{argument}}}}}"


class Jump(msgspec.Struct):
    """``break`` or ``continue``."""

    at: int
    keyword: Literal["break", "continue"]


Statement: TypeAlias = Text | Action | Branch | Range | Template | Jump


def is_empty(statements: Sequence[Statement]) -> bool:
    """Return whether there is nothing but white space, so that a definition may be replaced."""
    return all(isinstance(node, Text) and not node.text.strip() for node in statements)
