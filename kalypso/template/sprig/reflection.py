"""Types and kinds of values, and whether two values are equal.

Source: Sprig v2.22.0, reflect.go.
"""

from __future__ import annotations

from collections.abc import Callable

from kalypso.golang.reflect import deep_equal, kind_of
from kalypso.golang.signatures import Kind
from kalypso.golang.values import Value, type_name
from kalypso.template.functions import Absence, Function


def _type_is_like(target: str, value: Value) -> bool:
    return type_name(value) in (target, f"*{target}")


def _named(name_of: Callable[[Value], str]) -> Function:
    return Function(
        (Kind.STRING, Kind.ANY),
        lambda name, value: name_of(value) == name,
        absence=Absence.TAKEN,
    )


FUNCTIONS: dict[str, Function] = {
    "typeOf": Function((Kind.ANY,), type_name),
    "typeIs": _named(type_name),
    "typeIsLike": Function((Kind.STRING, Kind.ANY), _type_is_like, absence=Absence.TAKEN),
    "kindOf": Function((Kind.ANY,), kind_of),
    "kindIs": _named(kind_of),
    "deepEqual": Function((Kind.ANY, Kind.ANY), deep_equal, walks=True),
}
