"""When Python looks for garbage in a process that does one thing and ends.

A command makes hundreds of thousands of small objects, hardly any of them in a cycle. Looking for
cycles after every 700 new ones, as Python does by default, costs a fifth of an evaluation; looking
once more through all of them when the process ends, another tenth of a start.
"""

import atexit
import gc

_OBJECTS = 100_000


def collect_seldom() -> None:
    """Let the collector start rarely from now on, and skip what is there when the process ends.

    The system takes the memory back, and nothing that has to be done is left to the collector.
    """
    gc.set_threshold(_OBJECTS)
    atexit.register(gc.freeze)
