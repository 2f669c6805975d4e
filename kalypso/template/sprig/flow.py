"""Defaults and choices: what to take when a value is empty, and when to stop.

Source: Sprig v2.22.0 and v3.3.0, defaults.go and functions.go.
"""

from __future__ import annotations

from typing import NoReturn

from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.values import Missing, Value
from kalypso.template.functions import Absence, Function
from kalypso.template.sprig.conversion import is_empty


def default(fallback: Value, *given: Value) -> Value:
    """Return the first given value unless it is empty."""
    return given[0] if given and not is_empty(given[0]) else fallback


def coalesce(*values: Value) -> Value:
    """Return the first value that is not empty; nil, or a missing key, if all are."""
    absent = (value for value in values if isinstance(value, Missing))
    return next((value for value in values if not is_empty(value)), next(absent, None))


def ternary(yes: Value, no: Value, test: bool) -> Value:  # noqa: FBT001 - the template's order
    """Return the first value if the last is true."""
    return yes if test else no


def fail(message: str) -> NoReturn:
    """End the template."""
    raise FunctionError(message)


def _all(*values: Value) -> bool:
    return not any(map(is_empty, values))


def _any(*values: Value) -> bool:
    return not all(map(is_empty, values))


FUNCTIONS: dict[str, Function] = {
    "default": Function((Kind.ANY, Kind.ANY), default, variadic=True, absence=Absence.PASSED),
    "empty": Function((Kind.ANY,), is_empty, absence=Absence.TAKEN),
    "coalesce": Function((Kind.ANY,), coalesce, variadic=True, absence=Absence.PASSED),
    "ternary": Function((Kind.ANY, Kind.ANY, Kind.BOOL), ternary, absence=Absence.PASSED),
    "fail": Function((Kind.STRING,), fail),
}
FUNCTIONS_V3: dict[str, Function] = {
    "all": Function((Kind.ANY,), _all, variadic=True, absence=Absence.TAKEN),
    "any": Function((Kind.ANY,), _any, variadic=True, absence=Absence.TAKEN),
}
