"""Text for HTML, JavaScript and URLs: the builtins ``html``, ``js`` and ``urlquery``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_plus

from kalypso.golang.bytestrings import to_bytes
from kalypso.golang.fmt import NO_VALUE, sprint
from kalypso.golang.signatures import Kind
from kalypso.golang.values import Missing, Value
from kalypso.template.functions import Function

_HTML: Final = str.maketrans({
    "\0": "\ufffd",
    '"': "&#34;",
    "'": "&#39;",
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
})  # fmt: skip
_JS: Final = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "<": "\\u003C",
    ">": "\\u003E",
    "&": "\\u0026",
    "=": "\\u003D",
}


def _operands(values: tuple[Value, ...]) -> str:
    """Join operands like ``print``, but with Go's word for nil."""
    shown = (NO_VALUE if value is None or isinstance(value, Missing) else value for value in values)
    return sprint(shown)


def html(*values: Value) -> str:
    """Escape for HTML text and attributes."""
    return _operands(values).translate(_HTML)


def js(*values: Value) -> str:
    """Escape for a JavaScript string."""
    return "".join(map(_js_char, _operands(values)))


def _js_char(char: str) -> str:
    if char in _JS:
        return _JS[char]
    if char < " ":
        return f"\\u00{ord(char):02X}"
    if char.isascii() or char.isprintable() or "\udc80" <= char <= "\udcff":
        return char
    return f"\\u{ord(char):04X}"


def urlquery(*values: Value) -> str:
    """Escape for the query of a URL."""
    return quote_plus(to_bytes(_operands(values)), safe="~")


_ANYTHING: Final = (Kind.ANY,)

FUNCTIONS: Final[Mapping[str, Function]] = {
    "html": Function(_ANYTHING, html, variadic=True, walks=True),
    "js": Function(_ANYTHING, js, variadic=True, walks=True),
    "urlquery": Function(_ANYTHING, urlquery, variadic=True, walks=True),
}
"""By the name that templates use."""
