"""Tokens for repositories of other machines, by host, and how git gets them.

A token is handed to git as a header in its environment: it is in no argument list, in no
file, and no credential helper is asked to keep it. Where we have no token, git's own
credential helpers answer, as they do for the person who runs us.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_USER = "x-access-token"
"""What GitHub expects beside a token; other forges take any name."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Tokens by host, for example ``github.com``; a port belongs to the host."""

    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    def token(self, url: str) -> str:
        """Return the token for an address; empty if there is none or it would travel openly.

        A token goes over HTTPS, or to this machine itself.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            return ""
        host = parts.netloc.rpartition("@")[2].lower()
        return self.tokens.get(host, "")


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
    """An address without credentials, and the header that stands in for them."""

    url: str
    header: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must never be shown, in every form in which it is sent."""

    @property
    def settings(self) -> dict[str, str]:
        """Return the configuration of git that sends the header to this host only."""
        if not self.header:
            return {}
        parts = urlsplit(self.url)
        return {f"http.{parts.scheme}://{parts.netloc}/.extraHeader": self.header}


def login(url: str, credentials: Credentials) -> Login:
    """Take user and password out of an address, or find a token for it."""
    if not url.lower().startswith(("https://", "http://")):
        return Login(url)
    parts = urlsplit(url)
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    host = parts.netloc.rpartition("@")[2]
    clean = urlunsplit(parts._replace(netloc=host))
    if password:
        return _basic(clean, unquote(user), unquote(password))
    token = credentials.token(clean)
    return _basic(clean, _USER, token) if token else Login(url if user else clean)


def hide(text: str, secrets: tuple[str, ...]) -> str:
    """Replace secrets in a text that somebody will read."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def _basic(url: str, user: str, password: str) -> Login:
    encoded = base64.b64encode(f"{user}:{password}".encode()).decode()
    return Login(url, f"Authorization: Basic {encoded}", (encoded, password))
