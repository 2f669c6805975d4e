"""Azure's management API over HTTPS, and the tokens that it takes.

One POST and one GET need no SDK; signing in does: `azure-identity` knows the ways of CI systems,
machines and people.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import msgspec

from kalypso.errors import DeliveryError, Position
from kalypso.harmless_text import harmless_line, keep_secret
from kalypso.observation.conversation import Reply, Unreachable
from kalypso.observation.resource_graph import AzureRequest

AZURE = "https://management.azure.com"
_LARGEST = 64 * 1024 * 1024
_SHOWN = 300


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token is for one host only."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - as the base class
        """Return nothing, which makes it an answer."""


class ManagementApi(msgspec.Struct, frozen=True):
    """Azure at an address."""

    address: str = AZURE

    def send(self, request: AzureRequest, token: str, seconds: float) -> Reply:
        """Send one request.

        Raises:
            Unreachable: No whole answer came within that time.
        """
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "kalypso"}
        body = None
        if request.body is not None:
            body, headers["Content-Type"] = json.dumps(request.body).encode(), "application/json"
        asked = urllib.request.Request(  # noqa: S310 - the address is ours, or a test's
            f"{self.address}{request.target}", body, headers
        )
        try:
            with _opened(asked, seconds) as answer:
                content = answer.read(_LARGEST + 1)
                length = answer.headers.get("Content-Length", "")
                status, sent = answer.status, answer.headers.items()
        except (OSError, urllib.error.URLError, ValueError) as error:
            said = harmless_line(f"{error}" or type(error).__name__, _SHOWN)
            raise Unreachable(f"Azure: {said}") from error
        if len(content) > _LARGEST or (length.isdigit() and int(length) != len(content)):
            raise Unreachable("Azure: its answer ended in the middle, or is too large")
        return Reply(status, {name.lower(): value for name, value in sent}, content)


def azure_tokens() -> Callable[[], str]:
    """Return what gives tokens for the management API; nothing is asked yet.

    Raises:
        DeliveryError: The package `azure-identity` is not installed.
    """
    try:
        from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - half a second
    except ImportError:
        raise DeliveryError(
            "reading clusters from Azure needs a library that is not installed",
            Position("clusters"),
            "pip install 'kalypso-on-pulumi[azure]'",
            code="no-library",
        ) from None
    credential = DefaultAzureCredential(exclude_interactive_browser_credential=True)

    def token() -> str:
        try:
            found: str = credential.get_token(f"{AZURE}/.default").token
        except Exception as error:
            said = harmless_line(str(error).splitlines()[0], _SHOWN)
            raise Unreachable(f"signing in to Azure failed: {said}") from error
        keep_secret([found])
        return found

    return token


def _opened(asked: urllib.request.Request, seconds: float) -> Any:  # noqa: ANN401 - of urllib
    try:
        return urllib.request.build_opener(_Stay).open(asked, timeout=seconds)
    except urllib.error.HTTPError as refusal:
        return refusal
