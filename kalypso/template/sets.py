"""Sets of template functions: the language's own, Sprig's, and those of the reference operator."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

from kalypso.template import builtins, extras, sprig
from kalypso.template.functions import Function

FunctionSet: TypeAlias = Literal["builtin", "sprig2", "sprig3"]
"""``builtin`` is the language's own; ``sprig2`` adds Sprig 2.22 and what the reference operator
has besides; ``sprig3`` also adds the names that only Sprig 3 has."""


@cache
def function_set(name: FunctionSet) -> Mapping[str, Function]:
    """Return the functions of a set by name, without those that no template may call."""
    functions = _all_functions(name)
    return {name: function for name, function in functions.items() if not function.refused}


@cache
def refused_functions() -> Mapping[str, str]:
    """Return the functions that no set has, each with the reason."""
    known = _all_functions("sprig3")
    return {name: function.refused for name, function in known.items() if function.refused}


def _all_functions(name: FunctionSet) -> dict[str, Function]:
    functions = dict(builtins.FUNCTIONS)
    if name != "builtin":
        functions |= sprig.sprig_v2()
        functions |= sprig.sprig_v3_only() if name == "sprig3" else {}
        functions |= extras.FUNCTIONS
    return functions
