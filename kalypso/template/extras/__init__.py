"""The functions that the reference operator has besides Sprig's."""

from __future__ import annotations

from kalypso.template.extras.operator import FUNCTIONS, to_yaml

__all__ = ["FUNCTIONS", "to_yaml"]
