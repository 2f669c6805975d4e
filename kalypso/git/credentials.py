"""Tokens for repositories of other machines, by host, and how git gets them.

A token is handed to git as a header in its environment: it is in no argument list, in no
file, and no credential helper is asked to keep it. Where we have no token, git's own
credential helpers answer, as they do for the person who runs us.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from kalypso.errors import SourceError
from kalypso.harmless_text import keep_secret

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_USER = "x-access-token"
"""What GitHub expects beside a token; other forges take any name."""


class NoAccess(SourceError):
    """Nothing gives us a token for a repository; without one, only a public one can be read."""

    code = "denied"


class TokenSource(Protocol):
    """Makes tokens for the repositories of one host when they are needed."""

    def token(self, url: str) -> str:
        """Return a token that is valid for some minutes yet; empty if it has none for an address.

        Raises:
            NoAccess: There is none for this repository, for a reason that can be told.
            SourceError: A token could not be made.
        """
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """Tokens by host, for example ``github.com``; a port belongs to the host."""

    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    made: Mapping[str, TokenSource] = field(default_factory=dict, repr=False)
    """Where tokens are made that do not last; these come before `tokens`."""

    def __post_init__(self) -> None:
        """Never let a token be printed, wherever a server or a person repeats it."""
        keep_secret(self.tokens.values())

    def covers(self, url: str) -> bool:
        """Return whether there may be a token for an address; makes none.

        A token goes over HTTPS, or to this machine itself; never openly.
        """
        parts = urlsplit(url)
        safe = parts.scheme == "https" or parts.hostname in _LOOPBACK
        return safe and (_host(url) in self.made or bool(self.tokens.get(_host(url))))

    def token(self, url: str) -> str:
        """Return the token for an address, valid for now; empty if there is none.

        Raises:
            SourceError: A token has to be made, and could not be.
        """
        if not self.covers(url):
            return ""
        source = self.made.get(_host(url))
        token = source.token(url) if source else self.tokens[_host(url)]
        keep_secret([token])
        return token


def from_environment(environ: Mapping[str, str]) -> Credentials:
    """Find tokens where GitHub's workflows and its command line keep them.

    `GITHUB_TOKEN` and `GH_TOKEN` are for the host of `GITHUB_SERVER_URL`, which is
    github.com unless a workflow says otherwise; `GH_ENTERPRISE_TOKEN` is for `GH_HOST`.
    """
    tokens = {}
    if enterprise := environ.get("GH_ENTERPRISE_TOKEN", "").strip():
        tokens[environ.get("GH_HOST", "").lower()] = enterprise
    home = urlsplit(environ.get("GITHUB_SERVER_URL") or "https://github.com").netloc.lower()
    found = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or ""
    if found.strip():
        tokens[home] = found.strip()
    return Credentials({host: token for host, token in tokens.items() if host})


@dataclass(frozen=True, slots=True)
class Login:
    """An address, and the header with the token for it."""

    url: str
    header: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must never be shown, in every form in which it is sent."""
    lacking: NoAccess | None = None
    """Why there is no token; told if the repository turns out to want one."""

    @property
    def settings(self) -> dict[str, str]:
        """Return the configuration of git that sends the header to this host only."""
        if not self.header:
            return {}
        parts = urlsplit(self.url)
        return {f"http.{parts.scheme}://{parts.netloc}/.extraHeader": self.header}


def login(url: str, credentials: Credentials) -> Login:
    """Find a token for an address, which holds no credentials itself.

    Raises:
        SourceError: A token has to be made, and could not be.
    """
    if not url.lower().startswith(("https://", "http://")):
        return Login(url)
    try:
        token = credentials.token(url)
    except NoAccess as error:
        return Login(url, lacking=error)
    return _basic(url, _USER, token) if token else Login(url)


def hide(text: str, secrets: tuple[str, ...]) -> str:
    """Replace secrets in a text that somebody will read."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return text


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _basic(url: str, user: str, password: str) -> Login:
    encoded = base64.b64encode(f"{user}:{password}".encode()).decode()
    keep_secret([encoded, password])
    return Login(url, f"Authorization: Basic {encoded}", (encoded, password))
