"""A conversation with one API server: GET only, patient with what passes, over at a fixed time.

Whatever is not a whole, well-formed answer ends it with a sentence. Nothing is guessed from a part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Protocol

import msgspec

from kalypso.harmless_text import harmless_line
from kalypso.observation.page_texts import PageText, PageTexts

_REQUEST_SECONDS = 20.0
_ATTEMPTS = 4
_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE = 30.0
_SHOWN = 300
_PASSING = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class Reply(msgspec.Struct, frozen=True):
    """What a server sent."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes


class Unreachable(Exception):
    """No answer came, or only a part of one; says why."""


class Refused(Exception):
    """An answer came that says nothing about what was asked; says why."""


class NotServed(Refused):
    """The server has no such API."""


class Expired(Refused):
    """The rest of a list is no longer to be had: it has to be read from its start again."""


class Server(Protocol):
    """Something that answers GET requests."""

    def get(self, path: str, query: Mapping[str, str], seconds: float) -> Reply:
        """Send one request.

        Raises:
            Unreachable: No whole answer came within that time.
        """
        ...


@dataclass(slots=True)
class Conversation:
    """Questions to one server, all before one moment."""

    server: Server
    ends: float
    """By `now`."""
    now: Callable[[], float]
    """A clock that only goes forward."""
    sleep: Callable[[float], None]
    texts: PageTexts | None = None
    """The pages of other servers, so that one that says the same is not parsed."""
    pages: list[PageText | None] = field(default_factory=list, init=False)
    """All pages of lists; None for one that was parsed without a look at others."""
    date: float | None = field(default=None, init=False)
    """What the server's clock said in its last answer, in seconds since 1970."""

    def ask(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the JSON object that the server answers with.

        Raises:
            Unreachable: No whole answer came in time.
            NotServed: The server has no such path.
            Expired: The server has forgotten the list that a page is asked of.
            Refused: The server answers with anything else.
        """
        reply = self._reply(path, query or {})
        return _answer(path, reply)

    def page(
        self,
        path: str,
        query: Mapping[str, str],
        items: Callable[[dict[str, Any]], list[dict[str, Any]]],
    ) -> dict[str, Any]:
        """Return a page of a list: one like it, apart from when, where there was one before.

        Raises:
            Unreachable: No whole answer came in time.
            NotServed: The server has no such path.
            Expired: The server has forgotten the list that a page is asked of.
            Refused: The server answers with anything else.
        """
        reply = self._reply(path, query)
        where = path, tuple(sorted(query.items()))
        text = None
        if reply.status == HTTPStatus.OK and self.texts is not None:
            text = self.texts.read(where, reply.body, items)
        self.pages.append(text)
        return _answer(path, reply) if text is None else text.known.page

    def _reply(self, path: str, query: Mapping[str, str]) -> Reply:
        attempt = 1
        while True:
            left = self.ends - self.now()
            if left <= 0:
                raise Unreachable("it was too slow to answer everything that was asked")
            reply = self.server.get(path, query, min(left, _REQUEST_SECONDS))
            if reply.status not in _PASSING or attempt == _ATTEMPTS:
                break
            pause = min(_pause(reply.headers, attempt), _LONGEST_PAUSE)
            if pause >= self.ends - self.now():
                break
            self.sleep(pause)
            attempt += 1
        self.date = _date(reply.headers)
        return reply


def _answer(path: str, reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        found = None
    if reply.status == HTTPStatus.OK:
        if isinstance(found, dict):
            return found
        raise Refused(f"its answer to {path} is not a JSON object")
    said = found.get("message") if isinstance(found, dict) else None
    because = f": {harmless_line(said, _SHOWN)}" if isinstance(said, str) and said else ""
    match reply.status:
        case HTTPStatus.NOT_FOUND:
            raise NotServed(f"it does not serve {path}{because}")
        case HTTPStatus.GONE:
            raise Expired(f"its list at {path} changed while it was read{because}")
        case HTTPStatus.UNAUTHORIZED:
            raise Refused(f"it does not accept the credentials of the kubeconfig (401){because}")
        case HTTPStatus.FORBIDDEN:
            raise Refused(f"it does not let us read {path} (403){because}")
        case _:
            raise Refused(f"it answers {path} with {reply.status}{because}")


def _pause(headers: Mapping[str, str], attempt: int) -> float:
    given = headers.get("retry-after", "")
    return float(given) if given.isdigit() else _PAUSE_SECONDS * 2.0 ** (attempt - 1)


def _date(headers: Mapping[str, str]) -> float | None:
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (ValueError, TypeError):
        return None
