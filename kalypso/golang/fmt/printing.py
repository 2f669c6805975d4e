"""Values as text: Go's ``fmt.Sprint``, ``Sprintln`` and ``%v``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kalypso.golang.strconv import format_float
from kalypso.golang.values import (
    AnyMap,
    GoObject,
    Int32,
    Int64,
    IntList,
    ListList,
    Missing,
    NilList,
    NilMap,
    NilStringMap,
    StringList,
    StringMap,
    Struct,
    Uint8,
    Uint64,
    Value,
    sorted_items,
)

NO_VALUE: Final = "<no value>"
"""What an action prints for a missing key or nil."""


def sprint_v(value: Value) -> str:
    """Return what ``%v`` prints; for nil and a missing value ``<nil>``."""
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    return _other(value)


def printed(value: Value) -> str:
    """Return what the action ``{{ . }}`` prints: ``%v``, but ``<no value>`` for nil."""
    if value is None or isinstance(value, Missing):
        return NO_VALUE
    return sprint_v(value)


def sprint(values: Iterable[Value]) -> str:
    """Join like ``fmt.Sprint``: with a space between operands when neither is a string."""
    out: list[str] = []
    after_string = True
    for value in values:
        is_string = isinstance(value, str)
        if not is_string and not after_string:
            out.append(" ")
        out.append(sprint_v(value))
        after_string = is_string
    return "".join(out)


def sprintln(values: Iterable[Value]) -> str:
    """Join like ``fmt.Sprintln``: always with a space, and a newline at the end."""
    return " ".join(map(sprint_v, values)) + "\n"


def _other(value: Value) -> str:
    if isinstance(value, Struct):
        return "{" + " ".join(map(sprint_v, value.fields.values())) + "}"
    if isinstance(value, GoObject):
        return value.text()
    return str(value)


def _string(value: Value) -> str:
    return str(value)


def _nil(_value: Value) -> str:
    return "<nil>"


def _bool(value: Value) -> str:
    return "true" if value else "false"


def _float(value: Value) -> str:
    return format_float(value, "g")


def _complex(value: Value) -> str:
    imaginary = format_float(value.imag, "g")
    sign = "" if imaginary[0] in "+-" else "+"
    return f"({format_float(value.real, 'g')}{sign}{imaginary}i)"


def _list(value: Value) -> str:
    return "[" + " ".join(map(sprint_v, value)) + "]"


def _map(value: Value) -> str:
    pairs = (f"{sprint_v(key)}:{sprint_v(item)}" for key, item in sorted_items(value))
    return "map[" + " ".join(pairs) + "]"


_WRITERS: Final[Mapping[type, Callable[[Value], str]]] = {
    str: _string,
    type(None): _nil,
    Missing: _nil,
    bool: _bool,
    float: _float,
    complex: _complex,
    **dict.fromkeys((int, Int32, Int64, Uint8, Uint64), _string),
    **dict.fromkeys((list, NilList, StringList, IntList, ListList), _list),
    **dict.fromkeys((dict, NilMap, StringMap, NilStringMap, AnyMap), _map),
}
