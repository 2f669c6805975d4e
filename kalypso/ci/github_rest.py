"""Calls of GitHub's REST API with the token of a workflow's run; nothing but Python is needed."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO

_SECONDS = 60
_SHOWN = 400
"""Characters of an answer that a message shows."""
_LIMIT = re.compile("rate limit", re.IGNORECASE)
_FORBIDDEN, _TOO_MANY, _BROKEN = 403, 429, 500


class CallFailed(Exception):
    """GitHub did not do what it was asked for.

    Attributes:
        again: Whether another try may help.
        limited: Whether there were too many calls, so that it helps only after a while.
    """

    def __init__(self, message: str, *, again: bool = False, limited: bool = False) -> None:
        super().__init__(message)
        self.again, self.limited = again or limited, limited


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token would go along, wherever it leads."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the signature of what it overrides
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Return nothing, which makes the redirect an error."""


@dataclass(frozen=True, slots=True, repr=False)
class Rest:
    """The API of one repository."""

    address: str
    """Without a slash at its end; of http or https."""
    token: str

    def call(self, method: str, path: str, body: object = None) -> object:
        """Make a call and return its answer, parsed.

        Raises:
            CallFailed: GitHub refused, gave no whole answer, or could not be reached.
        """
        what = f"{method} {self.address}{path}"
        request = urllib.request.Request(  # noqa: S310 - the variable's pattern admits http only
            f"{self.address}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "kalypso",
            },
        )
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=_SECONDS) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise _refused(what, error) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CallFailed(f"{what} has no answer: {error!r}", again=True) from None


def _refused(what: str, error: urllib.error.HTTPError) -> CallFailed:
    try:
        text = error.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        text = ""
    limited = error.code == _TOO_MANY or (error.code == _FORBIDDEN and bool(_LIMIT.search(text)))
    message = f"{what} answered {error.code}: {text[:_SHOWN]}"
    return CallFailed(message, again=error.code >= _BROKEN, limited=limited)
