"""Go's package fmt: values as text.

``printed`` and ``NO_VALUE`` are what text/template makes of ``Sprint`` for its actions.
"""

from __future__ import annotations

from kalypso.golang.fmt.formatting import sprintf
from kalypso.golang.fmt.printing import NO_VALUE, printed, sprint, sprint_v, sprintln

__all__ = [
    "NO_VALUE",
    "printed",
    "sprint",
    "sprint_v",
    "sprintf",
    "sprintln",
]
