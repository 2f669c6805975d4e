"""The Pulumi program: what `__main__.py` calls, which loads the rest."""

import os
import signal
import threading
import time

from kalypso.garbage import collect_seldom

from .early_end import ALREADY_REPORTED

_LOOK_SECONDS = 0.1


def run() -> None:
    """Declare the platform of the selected stack; report every problem and stop if there is one."""
    collect_seldom()
    # Whoever interrupts a program, the engine or a person, knows why.
    signal.signal(signal.SIGINT, lambda *_: os._exit(ALREADY_REPORTED))
    end_with(os.getppid())
    from .declaring import declare

    declare()


def end_with(host: int) -> None:
    """End this process when the one that started it is gone.

    An engine that stops a run early ends the language host, but leaves what the program still waits
    for without an answer: it would wait, and the engine for it, until five seconds are over.

    Args:
        host: The process that started this one.
    """

    def watch() -> None:
        while os.getppid() == host:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
