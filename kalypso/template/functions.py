"""Sets of template functions: the language's own, Sprig's, and those of the reference operator."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, TypeAlias

from kalypso.golang.signatures import Function
from kalypso.template import builtins, extras, sprig

FunctionSet: TypeAlias = Literal["builtin", "sprig2", "sprig3"]
"""``builtin`` is the language's own; ``sprig2`` adds Sprig 2.22 and what the reference operator
has besides; ``sprig3`` adds the names that only Sprig 3 has, too."""

REFUSED: Final[Mapping[str, str]] = {
    "env": "a template must not read the environment of the process",
    "expandenv": "a template must not read the environment of the process",
    "getHostByName": "a template must not use the network",
}
"""Functions of Sprig that no set has, each with the reason."""


@cache
def function_set(name: FunctionSet) -> Mapping[str, Function]:
    """Return the functions of a set by name."""
    functions = dict(builtins.FUNCTIONS)
    if name != "builtin":
        functions |= sprig.sprig_v2()
        functions |= sprig.sprig_v3_only() if name == "sprig3" else {}
        functions |= extras.FUNCTIONS
    return {name: function for name, function in functions.items() if name not in REFUSED}
