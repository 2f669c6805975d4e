"""What a template is compiled to: functions of the variables and the dot, and how they jump."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from kalypso.golang.values import Value

Evaluate: TypeAlias = Callable[[list[Value], Value], Value]
"""A compiled expression: gets the variables and the dot, returns a value."""
Render: TypeAlias = Callable[[list[Value], Value], str]
"""A compiled statement: gets the variables and the dot, returns its text."""


class Constant:
    """A value that is known when the template is compiled."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __call__(self, _variables: list[Value], _dot: Value) -> Value:
        """Return the value."""
        return self.value


class Jump(Exception):
    """``break`` or ``continue`` on its way out of nested statements to the loop."""

    def __init__(self, keyword: Literal["break", "continue"]) -> None:
        super().__init__(keyword)
        self.keyword = keyword
        self.text = ""
        """What the loop's body has written in this iteration."""
