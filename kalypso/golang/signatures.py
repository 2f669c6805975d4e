"""What template functions look like: Go parameter types, the result, and the Python for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """A Go parameter type, as messages name it."""

    ANY = "interface {}"
    STRING = "string"
    BOOL = "bool"
    INT = "int"
    INT64 = "int64"
    FLOAT64 = "float64"
    LIST = "[]interface {}"
    STRINGS = "[]string"
    MAP = "map[string]interface {}"
    TIME = "time.Time"
    VALUE = "reflect.Value"
    """A builtin's parameter that takes the value as it is, missing ones included."""


class FunctionError(Exception):
    """A template function cannot do what it was asked; becomes ``error calling NAME: MESSAGE``."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function: its parameters are checked and converted before ``call`` sees them."""

    params: tuple[Kind, ...]
    call: Callable[..., Any]
    """Gets Python values by the table in :mod:`kalypso.golang.values`, returns one.

    For a missing argument or nil, :attr:`Kind.ANY` gets ``None``, :attr:`Kind.MAP`, ``LIST``
    and ``STRINGS`` get a nil map or list (empty, a subclass of ``dict`` or ``list``).
    """
    variadic: bool = False
    """The last kind may come any number of times, also never."""
    bounded: bool = False
    """``call`` itself refuses values that are too big to be walked; the engine need not look."""
