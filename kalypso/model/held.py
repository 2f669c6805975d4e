"""Application sources that a delivery does not take as they are now, because they are faulty."""

from __future__ import annotations

import msgspec

from kalypso.errors import Position, Problem

SourceKey = tuple[str, str]
"""A repository's address, without user name and password, and the branch that is read."""


class HeldSource(msgspec.Struct, frozen=True, kw_only=True):
    """An application source of which an earlier commit is taken, or nothing."""

    repository: str
    """Its address, without user name and password."""
    branch: str
    commit: str
    """The commit last delivered; empty if none ever was, so that the source is left out."""
    newest: str
    """Commit that is refused; empty if the source does not answer."""
    problems: tuple[Problem, ...]
    """What is wrong with the newest commit, sorted; never empty."""
    at: Position
    """Where the registration names the source."""

    @property
    def key(self) -> SourceKey:
        """What the source is known by."""
        return self.repository, self.branch

    @property
    def code(self) -> str:
        """Code of its first problem."""
        return self.problems[0].code
