"""What a CI system runs: the steps of `kalypso ci run`, from variables to exit code.

A step gets its environment variables and a console, and starts `kalypso` and `pulumi` as programs.
It knows no CI system: what differs between them is said by the variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = ["STEPS", "Console", "Step", "script"]

if TYPE_CHECKING:
    from kalypso.ci.console import Console
    from kalypso.ci.steps import STEPS, Step, script
else:
    __getattr__ = door(
        __name__,
        {
            "console": ("Console",),
            "steps": ("STEPS", "Step", "script"),
        },
    )
