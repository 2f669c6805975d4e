"""Sprig's template functions: all of v2.22.0, and the names that only v3.3.0 has."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from kalypso.golang.signatures import Function

_FAMILIES: Final = (
    "strings",
    "letters",
    "flow",
    "lists",
    "dicts",
    "numeric",
    "decimals",
    "reflection",
    "encoding",
    "semver",
    "regex",
    "dates",
    "paths",
    "urls",
    "random",
    "passwords",
    "certificates",
    "environment",
)

UNREPEATABLE: Final = frozenset(
    {
        "ago",
        "bcrypt",
        "encryptAES",
        "genCA",
        "genCAWithKey",
        "genPrivateKey",
        "genSelfSignedCert",
        "genSelfSignedCertWithKey",
        "genSignedCert",
        "genSignedCertWithKey",
        "htpasswd",
        "now",
        "randAlpha",
        "randAlphaNum",
        "randAscii",
        "randBytes",
        "randInt",
        "randNumeric",
        "shuffle",
        "uuidv4",
    }
)
"""Functions whose result is another one each time: they read the clock or draw lots."""


@cache
def _collected(table: str) -> dict[str, Function]:
    functions: dict[str, Function] = {}
    for family in _FAMILIES:
        functions |= getattr(import_module(f"{__name__}.{family}"), table, {})
    return functions


def sprig_v2() -> dict[str, Function]:
    """Return the functions of Sprig v2.22.0 by name."""
    return dict(_collected("FUNCTIONS"))


def sprig_v3_only() -> dict[str, Function]:
    """Return the functions of Sprig v3.3.0 whose names v2.22.0 does not have."""
    return dict(_collected("FUNCTIONS_V3"))
