"""REST calls to GitHub: one repository, a token, patience, and errors in our words.

The library is githubkit (docs/adr/0011-github-client.md). It knows the calls, their
parameters and the limits; trying again is ours, so that git and REST are tried alike.
Whoever imports this module loads it: the local forge does not.
"""

from __future__ import annotations

import itertools
import json
import os
import ssl
from collections.abc import Callable, Collection, Generator
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

import githubkit
import httpx
from githubkit import BaseAuthStrategy, GitHubCore
from githubkit.cache import MemCacheStrategy
from githubkit.exception import GitHubException, RequestError, RequestFailed
from githubkit.response import Response
from githubkit_schemas.core.rest import RestVersionSwitcher
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from kalypso.errors import DeliveryError, KalypsoError, Position, SourceError
from kalypso.forge.github.place import GitHubPlace
from kalypso.forge.github.waiting import asked_seconds, count_seconds, is_untrusted
from kalypso.git import UNTRUSTED_HINT, Access, hide, patiently

PAGE = 100
"""How many objects a call that lists may ask for at once."""
_SECONDS = 30.0
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables that name other certificates than those that come with the program."""

_Part = TypeVar("_Part", bound="Answer")
_Result = TypeVar("_Result")
Call = Callable[[RestVersionSwitcher, str, str], Response[Any, Any]]
"""Gets the calls that there are, and owner and name of the repository."""


class Answer(BaseModel):
    """A part of one of GitHub's answers: only what we read of it is checked."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


@cache
def _reader(kind: type) -> Callable[[object], Any]:
    """Return what checks a part of an answer: made once, for that takes as long as a call."""
    return TypeAdapter(kind).validate_python


class _Sent(BaseAuthStrategy, httpx.Auth):
    """Sends the token of the moment: one that was made for an hour changes."""

    token = ""

    def get_auth_flow(self, github: GitHubCore[Any]) -> httpx.Auth:
        del github
        return self

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"token {self.token}"
        yield request


class GitHubClient:
    """Makes calls about one repository.

    Every method raises `SourceError` for a call that reads and `DeliveryError` for one
    that writes if GitHub refuses, cannot be reached, or answers what it should not.
    """

    def __init__(
        self, place: GitHubPlace, access: Access, auth: BaseAuthStrategy | None = None
    ) -> None:
        """Name the repository; nothing is asked yet.

        Args:
            place: The repository.
            access: Token and patience.
            auth: Who asks, if that is not the holder of the token.

        Raises:
            DeliveryError: There is no token for this repository.
        """
        self._place, self._patience = place, access.patience
        self._credentials, self._sent = access.credentials, _Sent()
        if auth is None and not access.credentials.covers(place.address):
            raise DeliveryError(
                f"there is no token for {place.github.url}",
                self._at,
                "set GITHUB_TOKEN, or `pulumi config set --secret kalypso:github.token`",
                code="no-token",
            )
        self._github = githubkit.GitHub(
            auth or self._sent,
            base_url=place.github.rest,
            user_agent="kalypso-on-pulumi",
            timeout=_SECONDS,
            ssl_verify=_trust(*(os.environ.get(name, "") for name in _TRUST)),
            auto_retry=False,
            http_cache=False,
            cache_strategy=MemCacheStrategy(),  # else an App's signature is shared by all clients
            event_hooks={"response": [count_seconds]},
        )

    def one(
        self,
        kind: type[_Part],
        call: Call,
        *,
        made: Callable[[], _Part | None] = lambda: None,
    ) -> _Part:
        """Make a call whose answer is one object.

        Args:
            kind: What is read of the answer.
            call: The call.
            made: Asked before the call is repeated, if doing it twice would make two
                objects: returns what an attempt has made whose answer was lost.
        """
        read = _reader(kind)
        repeated = False

        def attempt() -> _Part:
            nonlocal repeated
            found = made() if repeated else None
            repeated = True
            return found or read(self._answer(call))

        return self._explained(lambda: patiently(attempt, asked_seconds, self._patience))

    def one_or_none(
        self, kind: type[_Part], call: Call, *, unless: Collection[HTTPStatus]
    ) -> _Part | None:
        """Make a call whose answer is one object.

        Returns:
            None if GitHub refuses it with one of the given statuses.
        """
        read: Callable[[object], _Part] = _reader(kind)

        def work() -> _Part | None:
            try:
                return self._do(call, read)
            except RequestFailed as error:
                if error.response.status_code in unless:
                    return None
                raise

        return self._explained(work)

    def several(self, kind: type[_Part], call: Call) -> list[_Part]:
        """Make a call whose answer is a list of objects."""
        read = _reader(kind)
        return self._explained(lambda: self._do(call, lambda found: [*map(read, found)]))

    def pages(self, kind: type[_Part], call: Callable[[int], Call]) -> list[_Part]:
        """Make a call for each page of a list, until one is not full.

        Args:
            kind: What is read of each object.
            call: Gets the number of the page, from 1, and gives the call for `PAGE` objects.
        """
        found: list[_Part] = []
        for number in itertools.count(1):
            page = self.several(kind, call(number))
            found += page
            if len(page) < PAGE:
                break
        return found

    def done(self, call: Call, *, unless: HTTPStatus) -> bool:
        """Make a call whose answer nobody reads.

        Returns:
            False if GitHub refuses it with the given status.
        """

        def work() -> bool:
            try:
                return self._do(call, lambda _: True)
            except RequestFailed as error:
                if error.response.status_code == unless:
                    return False
                raise

        return self._explained(work)

    def _do(self, call: Call, read: Callable[[Any], _Result]) -> _Result:
        return patiently(lambda: read(self._answer(call)), asked_seconds, self._patience)

    def _answer(self, call: Call) -> Any:  # noqa: ANN401 - any JSON; whoever asked checks it
        self._sent.token = self._credentials.token(self._place.address)
        return call(self._github.rest, self._place.owner, self._place.name).json()

    def _explained(self, work: Callable[[], _Result]) -> _Result:
        try:
            return work()
        except RequestFailed as error:
            raise self._refused(error) from None
        except (RequestError, json.JSONDecodeError) as error:
            raise self._unreachable(error) from None
        except (GitHubException, ValidationError, TypeError) as error:
            raise DeliveryError(
                f"GitHub gave an answer for {self._place} that is not understood: {error}",
                self._at,
                "report it, with the version of GitHub Enterprise Server if it is one",
                code="github-answer",
            ) from error

    def _refused(self, error: RequestFailed) -> KalypsoError:
        status = error.response.status_code
        kind = SourceError if error.request.method == "GET" else DeliveryError
        message = f"GitHub answered {status} for {self._place}: {self._message(error)}"
        asked = asked_seconds(error)
        if asked is not None:
            when = f"GitHub asks to wait {asked:.0f} s" if asked else "run it again later"
            return kind(
                message, self._at, f"it was tried several times; {when}", code="unreachable"
            )
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            hint = "the token must be valid and may write contents, pull requests and issues"
            return kind(message, self._at, hint, code="denied")
        if status == HTTPStatus.NOT_FOUND:
            hint = "check owner and name, and that the token may see the repository"
            return kind(message, self._at, hint, code="no-repository")
        hint = "nothing is half done: fix what GitHub names, then run it again"
        return kind(message, self._at, hint, code="github-refused")

    def _message(self, error: RequestFailed) -> str:
        try:
            answer = error.response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            return error.response.reason_phrase
        details = (
            item.get("message") or item if isinstance(item, dict) else item
            for item in answer.get("errors") or ()
        )
        parts = [str(answer.get("message", "")), *map(str, details)]
        return hide("; ".join(part for part in parts if part), (self._sent.token,))

    def _unreachable(self, error: RequestError[Any] | json.JSONDecodeError) -> KalypsoError:
        cause = error.exc if isinstance(error, RequestError) else error
        message = hide(str(cause) or type(cause).__name__, (self._sent.token,)).splitlines()[0]
        if is_untrusted(error):
            return DeliveryError(
                f"{self._place.github.rest} is not trusted: {message}",
                self._at,
                UNTRUSTED_HINT,
                code="untrusted",
            )
        return DeliveryError(
            f"GitHub cannot be reached for {self._place}: {message}",
            self._at,
            "it was tried several times; nothing is half done, run it again later",
            code="unreachable",
        )

    @property
    def _at(self) -> Position:
        return Position(str(self._place))


@cache
def _trust(file: str, folder: str) -> ssl.SSLContext:
    """Return whose certificates are trusted.

    Reading them takes longer than most calls, and the library would do it for each call.
    """
    del file, folder  # httpx looks at the variables itself
    return httpx.create_ssl_context()
