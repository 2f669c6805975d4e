"""The labels that Kalypso owns on a forge: all others are people's, and never touched."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Label(NamedTuple):
    """How a label looks that does not exist yet."""

    color: str
    """As hexadecimal digits, without a mark before them."""
    description: str


PROMOTED: Final = "promoted"
"""On a pull request that brings another commit of the base repository."""
FAILING: Final = "kalypso"
"""On issues about assignments that fail, so that people can filter them; nothing depends on it."""
OWNED: Final[Mapping[str, Label]] = MappingProxyType(
    {
        PROMOTED: Label("0e8a16", "Brings another commit of the control plane"),
        FAILING: Label("b60205", "An assignment that cannot be delivered"),
    }
)
