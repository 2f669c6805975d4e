"""The functions of the language itself, as Go's text/template/funcs.go has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kalypso.template.builtins import comparison, escaping, operations
from kalypso.template.functions import Function

__all__ = ["FUNCTIONS"]

FUNCTIONS: Final[Mapping[str, Function]] = {
    **operations.FUNCTIONS,
    **comparison.FUNCTIONS,
    **escaping.FUNCTIONS,
}
"""By the name that templates use."""
