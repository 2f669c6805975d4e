"""What one check has found."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["ok", "unknown", "fix"]


class Finding(msgspec.Struct, frozen=True):
    """One line: what was checked, and what to do about it."""

    check: str
    """What was looked at, as `state backend`."""
    verdict: Verdict
    """`unknown` if nobody could tell; it does not stop anything."""
    message: str
    fix: str = ""
    """What to do; empty if nothing is to be done."""


def ok(check: str, message: str) -> Finding:
    """Return that all is well."""
    return Finding(check, "ok", message)


def unknown(check: str, message: str, fix: str) -> Finding:
    """Return that it could not be found out."""
    return Finding(check, "unknown", message, fix)


def fix(check: str, message: str, way: str) -> Finding:
    """Return that something must be done first."""
    return Finding(check, "fix", message, way)
