"""The real surroundings: programs, packages, accounts and clusters are asked from here."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kalypso.doctor.surroundings import Unanswered
from kalypso.errors import KalypsoError, Problems
from kalypso.harmless_text import harmless_line
from kalypso.observation import (
    AzureRequest,
    Kubeconfig,
    ManagementApi,
    Unreachable,
    azure_tokens,
    find_object,
)
from kalypso.stack import check_contexts, kubeconfig_files

_SECONDS = 15.0
_SHOWN = 200
_HIDDEN = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""How GitHub answers about what a token may not see."""


@dataclass
class Machine:
    """This machine, with the variables of its process."""

    environment: Mapping[str, str]
    api: ManagementApi = field(default_factory=ManagementApi)
    signed_in: Callable[[], Callable[[], str]] = azure_tokens
    _token: str = field(default="", init=False, repr=False)

    def version(self, program: str) -> str | None:
        """Return what a program says of its version; None if it is not installed."""
        try:
            done = subprocess.run(
                [program, "version" if program == "pulumi" else "--version"],
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
                env=dict(self.environment),
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout

    def has_package(self, module: str) -> bool:
        """Return whether a Python package can be imported."""
        return find_spec(module) is not None

    def folder_is_writable(self, path: str) -> bool:
        """Return whether a folder, or the nearest one above it, can be written."""
        place = Path(path).expanduser()
        while not place.exists() and place != place.parent:
            place = place.parent
        return place.is_dir() and os.access(place, os.W_OK)

    def context(self, name: str) -> str:
        """Return the version of the cluster behind a context.

        Raises:
            Unanswered: The context cannot be used, or the cluster does not answer.
        """
        try:
            check_contexts([name], self.environment)
            server = Kubeconfig(kubeconfig_files(self.environment)).server(name)
            found = find_object(server, "/version") or {}
        except Problems as error:
            raise Unanswered(error.problems[0].message) from error
        except KalypsoError as error:
            raise Unanswered(error.problem.message) from error
        except Unreachable as error:
            raise Unanswered(harmless_line(str(error), _SHOWN)) from error
        return str(found.get("gitVersion", "of an unknown version"))

    def azure(self, path: str, version: str, query: str = "") -> dict[str, Any] | None:
        """Return what Azure's management API answers; None if there is no such thing.

        Raises:
            Unanswered: Nobody is signed in, or Azure refuses or does not answer.
        """
        try:
            self._token = self._token or self.signed_in()()
            reply = self.api.send(AzureRequest(path, version, query=query), self._token, _SECONDS)
        except KalypsoError as error:
            raise Unanswered(error.problem.message) from error
        except Unreachable as error:
            raise Unanswered(harmless_line(str(error), _SHOWN)) from error
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        try:
            found = json.loads(reply.body)
        except ValueError:
            found = None
        if reply.status != HTTPStatus.OK or not isinstance(found, dict):
            details = found.get("error", {}) if isinstance(found, dict) else {}
            reason = details.get("message", "") if isinstance(details, dict) else ""
            said = harmless_line(str(reason), _SHOWN)
            raise Unanswered(f"Azure answers {reply.status}{f': {said}' if said else ''}")
        return found

    def may_administer(self, address: str, token: str) -> bool | None:
        """Return whether a token may read what administrators set; None for no such repository.

        On GitHub that is seen by the repository's deploy keys.

        Raises:
            Unanswered: The forge does not answer.
        """
        if self._status(address, token) in _HIDDEN:
            return None
        return self._status(f"{address}/keys", token) not in _HIDDEN

    def _status(self, address: str, token: str) -> int:
        """Return with which status a forge answers, if it answers or hides something."""
        asked = _signed(address, token)
        try:
            with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - see `_signed`
                return int(answer.status)
        except urllib.error.HTTPError as error:
            if error.code in _HIDDEN:
                return error.code
            raise Unanswered(f"it answers {error.code}") from None
        except (OSError, ValueError) as error:
            raise Unanswered(harmless_line(str(error), _SHOWN)) from None

    def token_scopes(self, address: str, token: str) -> frozenset[str] | None:
        """Return what a forge says that a token may do; None if it does not say.

        Raises:
            Unanswered: The forge refuses the token, or does not answer.
        """
        asked = _signed(address, token)
        try:
            with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - see `_signed`
                scopes = answer.headers.get("X-OAuth-Scopes")
        except urllib.error.HTTPError as error:
            refused = error.code == HTTPStatus.UNAUTHORIZED
            said = "the token is wrong or has expired" if refused else f"it answers {error.code}"
            raise Unanswered(said) from None
        except (OSError, ValueError) as error:
            raise Unanswered(harmless_line(str(error), _SHOWN)) from None
        if not scopes:
            return None
        return frozenset(each.strip() for each in scopes.split(","))


def _signed(address: str, token: str) -> urllib.request.Request:
    return urllib.request.Request(  # noqa: S310 - the address is that of the settings' forge
        address, headers={"Authorization": f"token {token}", "User-Agent": "kalypso"}
    )
