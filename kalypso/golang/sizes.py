"""Bounds on what one function call may build, so that a hostile template stays small.

Go has no such bounds: there, the process ends when memory does.
"""

from __future__ import annotations

from typing import Final

from kalypso.golang.signatures import FunctionError

MAX_TEXT: Final = 1 << 20
"""Longest text that a single call may return, in bytes."""
MAX_ITEMS: Final = 1_000_000
"""Longest list that a single call may return."""
MAX_DEPTH: Final = 100
"""Deepest nesting that is written as YAML or JSON, compared, copied or hashed."""


def check_text(length: int) -> None:
    """Refuse a text that would be longer than :data:`MAX_TEXT` bytes.

    Raises:
        FunctionError: The text would be too long.
    """
    if length > MAX_TEXT:
        raise FunctionError(f"result of {length} bytes is over the limit of {MAX_TEXT}")


def check_items(count: int) -> None:
    """Refuse a list that would have more than :data:`MAX_ITEMS` items.

    Raises:
        FunctionError: The list would be too long.
    """
    if count > MAX_ITEMS:
        raise FunctionError(f"result of {count} items is over the limit of {MAX_ITEMS}")


def check_depth(depth: int) -> None:
    """Refuse a value nested deeper than :data:`MAX_DEPTH`, for example one that holds itself.

    Raises:
        FunctionError: The value is nested too deep.
    """
    if depth > MAX_DEPTH:
        raise FunctionError(f"value is nested deeper than the limit of {MAX_DEPTH}")
