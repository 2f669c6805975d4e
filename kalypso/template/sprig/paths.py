"""Paths with slashes, without a look at any file.

The functions of v3 for paths of the operating system are those of Linux: the same.

Source: Sprig v2.22.0 and v3.3.0, functions.go.
"""

from __future__ import annotations

from kalypso.golang.path import base, clean, directory, extension, is_absolute
from kalypso.golang.signatures import Kind
from kalypso.template.functions import Function

_TEXT = (Kind.STRING,)

FUNCTIONS: dict[str, Function] = {
    "base": Function(_TEXT, base),
    "clean": Function(_TEXT, clean),
    "dir": Function(_TEXT, directory),
    "ext": Function(_TEXT, extension),
    "isAbs": Function(_TEXT, is_absolute),
}
FUNCTIONS_V3: dict[str, Function] = {
    "osBase": Function(_TEXT, base),
    "osClean": Function(_TEXT, clean),
    "osDir": Function(_TEXT, directory),
    "osExt": Function(_TEXT, extension),
    "osIsAbs": Function(_TEXT, is_absolute),
}
