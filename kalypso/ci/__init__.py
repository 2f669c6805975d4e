"""What a CI system runs: the steps of `kalypso ci run`, from variables to exit code.

A step gets its environment variables and a console, and starts `kalypso` and `pulumi` as programs.
It knows no CI system: what differs between them is said by the variables.
"""

from kalypso.ci.console import Console
from kalypso.ci.steps import STEPS, Step, script

__all__ = ["STEPS", "Console", "Step", "script"]
