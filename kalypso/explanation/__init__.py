"""Explanation: why a pair is assigned or not, where its values come from, why it changed."""

from __future__ import annotations

from kalypso.explanation.assignment import explain_pair
from kalypso.explanation.causes import Causes, State, state
from kalypso.explanation.config_reach import reach
from kalypso.explanation.configuration import explain_configuration
from kalypso.explanation.pairs import find_pair

__all__ = [
    "Causes",
    "State",
    "explain_configuration",
    "explain_pair",
    "find_pair",
    "reach",
    "state",
]
