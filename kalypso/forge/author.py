"""Whose name is in the commits that a program writes, unless its settings say otherwise."""

from __future__ import annotations

from kalypso.git import Writer

AUTHOR = ("Kalypso", "kalypso@localhost")
WRITER = Writer(*AUTHOR)
"""Writes commits under this name, and does not sign them."""


def parse_author(text: str) -> tuple[str, str]:
    """Return name and address of `Name <address>`; Kalypso's for an empty text."""
    name, _, address = text.removesuffix(">").partition(" <")
    return (name, address) if name and address else AUTHOR
