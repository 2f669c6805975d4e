"""A template engine: Go's text/template with Sprig, exactly and fast.

::

    >>> from kalypso.template import render
    >>> render("{{ .name | upper }}", {"name": "dev"})
    'DEV'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door
from kalypso.golang.values import AnyMap, StringMap, Struct

__all__ = [
    "REFUSED_NUMBERS",
    "AnyMap",
    "Blank",
    "Function",
    "FunctionSet",
    "Gap",
    "Gaps",
    "Limits",
    "Marks",
    "Memory",
    "MissingKey",
    "Outsiders",
    "StringMap",
    "Struct",
    "Template",
    "Twin",
    "function_set",
    "has_mark",
    "inert",
    "parse",
    "render",
    "stand_in",
]

if TYPE_CHECKING:
    from kalypso.template.engine import Template, parse, render
    from kalypso.template.failures import MissingKey
    from kalypso.template.functions import Function, Memory, Outsiders
    from kalypso.template.gaps import Blank, Gap, Gaps
    from kalypso.template.limits import Limits
    from kalypso.template.sets import FunctionSet, function_set
    from kalypso.template.syntax import REFUSED_NUMBERS
    from kalypso.template.twins import Marks, Twin, has_mark, inert, stand_in
else:
    __getattr__ = door(
        __name__,
        {
            "engine": ("Template", "parse", "render"),
            "failures": ("MissingKey",),
            "functions": ("Function", "Memory", "Outsiders"),
            "gaps": ("Blank", "Gap", "Gaps"),
            "limits": ("Limits",),
            "sets": ("FunctionSet", "function_set"),
            "syntax": ("REFUSED_NUMBERS",),
            "twins": ("Marks", "Twin", "has_mark", "inert", "stand_in"),
        },
    )
