"""Trying again what failed for a reason that passes: a dropped connection, a busy server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec

_Result = TypeVar("_Result")


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how long to try again; pauses double, with jitter."""

    attempts: int = 4
    first_seconds: float = 0.5
    longest_seconds: float = 20.0
    asked_seconds: float = 90.0
    """The longest pause that a server may ask for; one that asks for more is not waited for."""
    sleep: Callable[[float], None] = time.sleep


class Passing(Protocol):
    """Judges a failure."""

    def __call__(self, error: BaseException) -> float | None:
        """Return None if trying again is no use, else the seconds that the server asks for."""
        ...


def patiently(action: Callable[[], _Result], passing: Passing, patience: Patience) -> _Result:
    """Do something; while it fails for a reason that passes, do it again.

    Raises:
        BaseException: The last attempt raised it.
    """
    try:  # most calls work, and then the library need not be loaded
        return action()
    except Exception as error:
        if not _worth(error, passing, patience):
            raise
        first = error
    return _again(action, passing, patience, first)


def _again(
    action: Callable[[], _Result], passing: Passing, patience: Patience, first: Exception
) -> _Result:
    import tenacity  # noqa: PLC0415 - loaded when something failed, which is rare

    backoff = tenacity.wait_exponential_jitter(
        multiplier=patience.first_seconds,
        max=patience.longest_seconds,
        jitter=patience.first_seconds,
    )

    def pause(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return max(backoff(state), (passing(error) or 0.0) if error else 0.0)

    attempts = iter((first,))

    def attempt() -> _Result:
        for error in attempts:  # the one that failed already
            raise error
        return action()

    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(patience.attempts),
        wait=pause,
        retry=tenacity.retry_if_exception(lambda error: _worth(error, passing, patience)),
        sleep=patience.sleep,
        reraise=True,
    )
    return retrying(attempt)


def _worth(error: BaseException, passing: Passing, patience: Patience) -> bool:
    asked = passing(error)
    return asked is not None and asked <= patience.asked_seconds
