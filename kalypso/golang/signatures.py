"""What Go's methods look like: the types of their parameters, and the Python for them."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import msgspec


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
    """A parameter that takes the value as it is, missing ones included."""


class FunctionError(Exception):
    """A Go function cannot do what it was asked, or panics; the message is Go's."""


class Method(msgspec.Struct, frozen=True):
    """One method: its parameters are checked and converted before ``call`` sees them."""

    params: tuple[Kind, ...]
    """Without the receiver."""
    call: Callable[..., Any]
    """Gets the receiver and Python values by the table in :mod:`kalypso.golang.values.types`."""
    variadic: bool = False
    """The last kind may come any number of times, also never."""
