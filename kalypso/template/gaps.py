"""A template as texts with gaps between them: all that its renderings differ in is in the gaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from kalypso.golang.values import Struct


class Gap(msgspec.Struct, frozen=True, eq=False):
    """One action, or a block with all that is in it."""

    names: tuple[str, ...]
    """The path of the field that it prints as it is, such as ``.Manifests.repo``; else empty."""
    reads: frozenset[str] | None
    """The fields of the root that decide what it prints; None if anything may."""
    print: Callable[[Struct], str]
    """Returns what it prints. Raises TemplateError."""


class Blank:
    """Texts with room for a piece between each and the next, to be filled in again and again."""

    __slots__ = ("_parts",)

    def __init__(self, texts: Sequence[str]) -> None:
        self._parts = [""] * (2 * len(texts) - 1)
        self._parts[::2] = texts

    def filled(self, pieces: Sequence[str]) -> str:
        """Return the texts with pieces between them, of which there is one fewer."""
        parts = self._parts
        parts[1::2] = pieces  # twice as fast as a format string with many long texts
        return "".join(parts)


class Gaps(msgspec.Struct, frozen=True):
    """A template of which each gap can be filled by itself."""

    texts: tuple[str, ...]
    """What stands around the gaps: one more than there are gaps."""
    gaps: tuple[Gap, ...]

    def filled(self, pieces: Sequence[str]) -> str:
        """Return the result, given what fills the gaps."""
        return Blank(self.texts).filled(pieces)
