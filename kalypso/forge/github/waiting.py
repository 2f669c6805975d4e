"""Which failures of a call to GitHub pass by themselves, and how long GitHub asks to wait."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from githubkit.exception import RateLimitExceeded, RequestError, RequestFailed

_LIMIT_SECONDS = 60.0
"""How long to wait after a limit that does not say how long; what GitHub's documentation asks."""


def asked_seconds(error: BaseException) -> float | None:
    """Return None if trying again is no use, else how long GitHub asks to wait."""
    if isinstance(error, RateLimitExceeded):
        return error.retry_after.total_seconds()
    if isinstance(error, RequestFailed):
        status = error.response.status_code
        limited = status == HTTPStatus.FORBIDDEN and "rate limit" in error.response.text
        if status == HTTPStatus.TOO_MANY_REQUESTS or limited:
            return _LIMIT_SECONDS
        passes = status == HTTPStatus.REQUEST_TIMEOUT or error.response.is_server_error
        return 0.0 if passes else None
    if isinstance(error, RequestError):
        passes = isinstance(error.exc, httpx.TransportError) and not is_untrusted(error)
        return 0.0 if passes else None
    return 0.0 if isinstance(error, json.JSONDecodeError) else None  # an answer that was cut


def is_untrusted(error: BaseException) -> bool:
    """Return whether the other side showed a certificate that nobody here vouches for."""
    return isinstance(error, RequestError) and "CERTIFICATE_VERIFY_FAILED" in str(error.exc)


def count_seconds(response: httpx.Response) -> None:
    """Turn the date until which to wait into seconds: the library knows numbers only.

    They are counted by the server's clock, for ours may be wrong.
    """
    headers = response.headers
    asked, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if asked and not asked.isdigit():
        until = _seconds(asked)
    elif not asked and headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        until = float(reset)
    else:
        return
    now = _seconds(headers.get("date", "")) or time.time()
    wait = until - now if until is not None else _LIMIT_SECONDS
    headers["retry-after"] = str(max(0, int(wait) + 1))


def _seconds(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
