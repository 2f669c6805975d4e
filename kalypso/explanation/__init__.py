"""Explanation: why a pair is assigned or not, where its values come from, why it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "Causes",
    "State",
    "explain_configuration",
    "explain_pair",
    "find_pair",
    "reach",
    "state",
]

if TYPE_CHECKING:
    from kalypso.explanation.assignment import explain_pair
    from kalypso.explanation.causes import Causes, State, state
    from kalypso.explanation.config_reach import reach
    from kalypso.explanation.configuration import explain_configuration
    from kalypso.explanation.pairs import find_pair
else:
    __getattr__ = door(
        __name__,
        {
            "assignment": ("explain_pair",),
            "causes": ("Causes", "State", "state"),
            "config_reach": ("reach",),
            "configuration": ("explain_configuration",),
            "pairs": ("find_pair",),
        },
    )
