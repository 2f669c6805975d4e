"""How often Python looks for garbage: seldom, while a model is evaluated.

It looks for values that refer to each other in circles and are not used any more. A model has
hundreds of thousands of values and hardly a circle, and by default all of them are walked through
again each time that there are a quarter more.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 50_000
"""New values after which Python looks for garbage among these; all are looked at after 100 times
as many."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom as long as this lasts.

    Where two of them overlap, the first to end brings back what was before both.
    """
    often, *older = gc.get_threshold()
    if often == 0 or often >= _SELDOM:  # never, or seldom enough
        yield
        return
    gc.set_threshold(_SELDOM, *older)
    try:
        yield
    finally:
        gc.set_threshold(often, *older)
