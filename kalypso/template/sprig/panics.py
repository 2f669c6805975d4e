"""What Go's runtime says when a function breaks a rule of the language.

A template function that panics in Go ends the template with the panic's text.
"""

from __future__ import annotations

from typing import Final

from kalypso.golang.reflect import kind_of
from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import Value

NIL_DEREFERENCE: Final = "runtime error: invalid memory address or nil pointer dereference"
DIVIDE_BY_ZERO: Final = "runtime error: integer divide by zero"
NEGATIVE_REPEAT: Final = "strings: negative Repeat count"


def check_slice(start: int, end: int, length: int) -> None:
    """Check the bounds of ``text[start:end]`` as Go does.

    Raises:
        FunctionError: The bounds are outside ``0 <= start <= end <= length``.
    """
    if end < 0:
        raise FunctionError(f"runtime error: slice bounds out of range [:{end}]")
    if end > length:
        raise FunctionError(
            f"runtime error: slice bounds out of range [:{end}] with length {length}"
        )
    if start < 0:
        raise FunctionError(f"runtime error: slice bounds out of range [{start}:]")
    if start > end:
        raise FunctionError(f"runtime error: slice bounds out of range [{start}:{end}]")


def dynamic_kind(value: Value) -> str:
    """Return the kind as ``reflect.TypeOf(value).Kind()`` does.

    Raises:
        FunctionError: The value is nil, which has no type.
    """
    if value is None:
        raise FunctionError(NIL_DEREFERENCE)
    return kind_of(value)
