"""A template engine: Go's text/template with Sprig, exactly and fast.

::

    >>> from kalypso.template import render
    >>> render("{{ .name | upper }}", {"name": "dev"})
    'DEV'
"""

from __future__ import annotations

from kalypso.golang.values import AnyMap, StringMap, Struct
from kalypso.template.engine import Template, parse, render
from kalypso.template.limits import Limits

__all__ = ["AnyMap", "Limits", "StringMap", "Struct", "Template", "parse", "render"]
