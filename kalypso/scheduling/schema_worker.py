"""The process in which costly JSON Schemas are compiled and checked: it may be ended at any time.

It reads one request a line from its input, and writes one answer a line; both are JSON. Its memory
is bounded once, its time for each request, both by the system.
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import time
from typing import Any, TextIO

from kalypso.errors import ConfigError, Position
from kalypso.scheduling.validators import Validator, local_validator

MEMORY = 640 << 20
"""Bytes of address space, most of which the libraries take without using them."""
_HARD_SECONDS = 86_400


def serve(seconds: int) -> None:
    """Answer requests until the input ends.

    Args:
        seconds: Time of the processor for each request, after which the system ends the process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    _bound_memory()
    answers, sys.stdout = sys.stdout, sys.stderr
    known: dict[int, Validator] = {}
    for line in sys.stdin:
        request = json.loads(line)
        _bound_time(seconds)
        before = time.process_time()
        answer = _answer(request, known)
        answer["seconds"] = time.process_time() - before
        _send(answers, answer)


def _answer(request: dict[str, Any], known: dict[int, Validator]) -> dict[str, Any]:
    number = request["number"]
    try:
        if "schema" in request:
            known[number] = local_validator(
                request["schema"], Position(""), strange=request["strange"]
            )
            return {}
        if request["what"] == "valid":
            return {"valid": known[number].is_valid(request["values"])}
        return {"errors": list(known[number].errors(request["values"]))}
    except ConfigError as error:
        problem = error.problem
        return {"refused": [problem.message, problem.hint, problem.code]}


def _send(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(f"{json.dumps(answer)}\n")
    answers.flush()


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # a system without such bounds
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time(seconds: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # as above
        import resource  # noqa: PLC0415 - as above

        until = int(time.process_time()) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (until, _HARD_SECONDS))
