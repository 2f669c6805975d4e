"""The Pulumi program: what `__main__.py` calls, which loads the rest."""

import gc

_OBJECTS = 100_000
"""As in `kalypso.cli`: a search for cycles after every 700 new objects costs a fifth of a start."""


def run() -> None:
    """Declare the platform of the selected stack; report every problem and stop if there is one."""
    gc.set_threshold(_OBJECTS)
    from .declaring import declare

    declare()
