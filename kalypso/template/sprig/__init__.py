"""Sprig's template functions: all of v2.22.0, and the names that only v3.3.0 has.

Each module here that has a table ``FUNCTIONS`` or ``FUNCTIONS_V3`` is a family of functions.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from kalypso.template.functions import Function


def sprig_v2() -> dict[str, Function]:
    """Return the functions of Sprig v2.22.0 by name."""
    return dict(_collected("FUNCTIONS"))


def sprig_v3_only() -> dict[str, Function]:
    """Return the functions of Sprig v3.3.0 whose names v2.22.0 does not have."""
    return dict(_collected("FUNCTIONS_V3"))


@cache
def _collected(table: Literal["FUNCTIONS", "FUNCTIONS_V3"]) -> dict[str, Function]:
    functions: dict[str, Function] = {}
    for module in sorted(found.name for found in iter_modules(__path__)):
        functions |= getattr(import_module(f"{__name__}.{module}"), table, {})
    return functions
