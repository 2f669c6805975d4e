"""What goes wrong while a template runs, before it is known where in which file."""

from __future__ import annotations

from typing import Literal, TypeAlias

MissingKey: TypeAlias = Literal["default", "error", "zero"]
"""What a missing key yields, where it is not a failure; see :func:`kalypso.template.render`."""


class Failure(Exception):
    """A template cannot go on; the engine adds name, line and column."""

    def __init__(self, message: str, at: int, *, code: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        """Offset in the source."""
        self.code = code
        self.hint = hint
