"""Costly schemas are checked in another process, which is ended when it takes too long.

The validator's library cannot be interrupted, neither by a clock nor by Ctrl-C. One process serves
all costly schemas of a run; it is started when the first one comes, and again after it was ended.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from typing import IO, Any, Final

from kalypso.errors import ConfigError, Position
from kalypso.scheduling.validators import Spending, Validator, Violated

SECONDS: Final = 2
"""Time of the processor for one request, and for all costly schemas of one source."""
_PATIENCE: Final = 30.0
"""Seconds of the clock for one request, on a machine that has much else to do."""
_LARGEST_ANSWER: Final = 16 << 20
_CHUNK: Final = 1 << 16
_PROGRAM: Final = f"from kalypso.scheduling.schema_worker import serve; serve({SECONDS})"


class _EndedError(Exception):
    """The process was ended, by the system or by us."""

    def __init__(self, *, spent: bool = False) -> None:
        """Say whether it had used up its time of the processor, as it would the next time."""
        self.spent = spent


class _Worker:
    """The process, and what it knows."""

    def __init__(self) -> None:
        self.knows: set[int] = set()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for the answer.

        Raises:
            _EndedError: There is no answer: the process ended.
        """
        try:
            _pipe(self._process.stdin).write(f"{json.dumps(request)}\n".encode())
            _pipe(self._process.stdin).flush()
            answer: dict[str, Any] = json.loads(self._line())
        except (OSError, ValueError):
            raise _EndedError from None
        return answer

    def _has_spent_its_time(self) -> bool:
        try:
            return self._process.wait(timeout=1) == -signal.SIGXCPU
        except subprocess.TimeoutExpired:  # it goes on
            return False

    def _line(self) -> bytes:
        found, until = bytearray(), time.monotonic() + _PATIENCE
        with selectors.DefaultSelector() as streams:
            streams.register(_pipe(self._process.stdout), selectors.EVENT_READ)
            while not found.endswith(b"\n"):
                ready = streams.select(max(0.0, until - time.monotonic()))
                chunk = os.read(_pipe(self._process.stdout).fileno(), _CHUNK) if ready else b""
                found += chunk
                if not ready or len(found) > _LARGEST_ANSWER:
                    raise _EndedError
                if not chunk:
                    raise _EndedError(spent=self._has_spent_its_time())
        return bytes(found)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                _pipe(pipe).close()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:  # pragma: no cover  # both are pipes
        raise _EndedError
    return stream


_numbers = count()
_lock = threading.Lock()
_running: list[_Worker] = []
_endless: set[bytes] = set()
"""Digests of requests that used up their time: who asks again need not wait again."""


def _too_costly(at: Position) -> ConfigError:
    return ConfigError(
        f"checking the schema takes more than {SECONDS} seconds, or too much memory",
        at,
        "use fewer references, alternatives and patterns",
        code="schema-too-costly",
    )


def _stop() -> None:
    while _running:
        _running.pop().end()


atexit.register(_stop)


class _Remote:
    """A schema that the process checks."""

    def __init__(self, body: object, at: Position, spending: Spending, *, strange: bool) -> None:
        self._number = next(_numbers)
        self._request = {"number": self._number, "schema": body, "strange": strange}
        self._at = at
        self._spending = spending

    def is_valid(self, values: object) -> bool:
        return bool(self._ask("valid", values)["valid"])

    def errors(self, values: object) -> Iterator[Violated]:
        yield from map(tuple, self._ask("errors", values)["errors"])

    def _ask(self, what: str, values: object) -> dict[str, Any]:
        """Ask the process, which gets to know the schema first.

        Raises:
            ConfigError: The schema is refused, or takes too long.
        """
        request = {"number": self._number, "what": what, "values": values}
        with _lock:
            if _endless and self._digest(request) in _endless:
                self._spending.seconds += SECONDS
                raise _too_costly(self._at)
            try:
                if not _running:
                    _running.append(_Worker())
                worker = _running[-1]
                if self._number not in worker.knows:
                    self._taken(worker.ask(self._request))
                    worker.knows.add(self._number)
                return self._taken(worker.ask(request))
            except _EndedError as ended:
                _stop()
                if ended.spent:
                    _endless.add(self._digest(request))
                self._spending.seconds += SECONDS
                raise _too_costly(self._at) from None
            except KeyboardInterrupt:
                _stop()
                raise

    def _digest(self, request: dict[str, Any]) -> bytes:
        """Return what the same question about the same schema has in common."""
        asked = json.dumps([{**self._request, **request, "number": 0}])
        return hashlib.sha256(asked.encode()).digest()

    def _taken(self, answer: dict[str, Any]) -> dict[str, Any]:
        self._spending.seconds += answer["seconds"]
        if self._spending.seconds > SECONDS:
            raise _too_costly(self._at)
        if "refused" in answer:
            message, hint, code = answer["refused"]
            raise ConfigError(message, self._at, hint, code=code)
        return answer


def remote_validator(
    body: object, at: Position, spending: Spending, *, strange: bool = False
) -> Validator:
    """Compile a schema in the process.

    Args:
        body: The schema.
        at: Where it is written down.
        spending: What others of its source have taken.
        strange: Whether it is of another repository than the values, which are not shown then.

    Raises:
        ConfigError: The text is not a valid schema, or takes too long; so may the validator's
            methods.
    """
    if spending.seconds > SECONDS:
        raise _too_costly(at)
    validator = _Remote(body, at, spending, strange=strange)
    validator.is_valid({})
    return validator
