"""How messages name a value that a user wrote: in the words of YAML, not of Python."""

from __future__ import annotations

_LONGEST = 300
"""Characters; longer than any name that is good, so that a bad one is shown whole."""


def shown(value: object) -> str:
    """Return a short form of a value of a YAML file."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            text = repr(value)
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
