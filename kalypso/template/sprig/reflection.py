"""Types and kinds of values, and whether two values are equal.

Source: Sprig v2.22.0, reflect.go.
"""

from __future__ import annotations

from kalypso.golang.reflect import deep_equal, kind_of
from kalypso.golang.signatures import Kind
from kalypso.golang.values import Value, type_name
from kalypso.template.functions import Function


def _type_is_like(target: str, value: Value) -> bool:
    return type_name(value) in (target, f"*{target}")


FUNCTIONS: dict[str, Function] = {
    "typeOf": Function((Kind.ANY,), type_name),
    "typeIs": Function((Kind.STRING, Kind.ANY), lambda name, value: type_name(value) == name),
    "typeIsLike": Function((Kind.STRING, Kind.ANY), _type_is_like),
    "kindOf": Function((Kind.ANY,), kind_of),
    "kindIs": Function((Kind.STRING, Kind.ANY), lambda name, value: kind_of(value) == name),
    "deepEqual": Function((Kind.ANY, Kind.ANY), deep_equal, walks=True),
}
