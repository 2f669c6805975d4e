"""When Python looks for garbage: for values that refer to each other in circles and are not used.

A model is hundreds of thousands of values and hardly a circle. By default they are looked through
after every 700 new ones, and all of them again each time that there are a quarter more, which costs
a fifth of an evaluation; once more when a process ends, another tenth of a start.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 100_000
_SELDOM = 50_000
"""New values after which Python looks for garbage among these; all are looked at after 100 times
as many."""


def collect_seldom() -> None:
    """Let the collector start rarely from now on, and skip what is there when the process ends.

    For a process that does one thing and ends. The system takes the memory back, and nothing that
    has to be done is left to the collector.
    """
    gc.set_threshold(_OBJECTS)
    atexit.register(gc.freeze)


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
