"""Where the model of an environment begins: its branch, and what a user named to get there."""

from __future__ import annotations

import msgspec

from kalypso.git import Checkout
from kalypso.model import Pointer, Source


class ControlPlane(msgspec.Struct, frozen=True, kw_only=True):
    """Where the model of an environment begins."""

    environment: str
    source: Source
    """The environment's branch."""
    path: str = "."
    pointer: Pointer | None = None
    """Where the branch was read from, if it is known; Environment objects must agree with it."""
    checkout: Checkout | None = None
    """The checkout that the branch was read from, if it was one."""
    base: GivenBase | None = None
    """What a user named as the base, if anything."""


class GivenBase(msgspec.Struct, frozen=True):
    """A base that a user named, in place of what the BaseRepo points at."""

    shown: str
    """As the user typed it."""
    repository: str
    """Name or address of the repository; empty if nobody knows."""
    branch: str
    """Empty if nobody knows."""
