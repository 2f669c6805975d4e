"""Advice: what looks wrong in a model that is valid, such as policies that have no effect.

Nothing here stops a delivery. `kalypso validate` shows it, and `.kalypso-silence` quiets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = ["advise", "audible", "problem_sections", "read_rules"]

if TYPE_CHECKING:
    from kalypso.advice.advisers import advise
    from kalypso.advice.codes import problem_sections
    from kalypso.advice.silence import audible, read_rules
else:
    __getattr__ = door(
        __name__,
        {
            "advisers": ("advise",),
            "codes": ("problem_sections",),
            "silence": ("audible", "read_rules"),
        },
    )
