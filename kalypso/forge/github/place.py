"""Where a repository is on GitHub or a GitHub Enterprise Server, and the App that asks there."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

DEFAULT_URL = "https://github.com"


@dataclass(frozen=True, slots=True)
class GitHub:
    """One installation of GitHub."""

    url: str = DEFAULT_URL
    """What people open in a browser, without a slash at the end."""
    api: str = ""
    """Address of the REST interface, if it is not where GitHub has it."""

    @property
    def rest(self) -> str:
        """Return where REST calls go."""
        if self.api:
            return self.api
        if self.url == DEFAULT_URL:
            return "https://api.github.com"
        return f"{self.url}/api/v3"  # GitHub Enterprise Server

    def repository(self, address: str) -> GitHubPlace | None:
        """Return which repository an address names; None if it is elsewhere.

        Understands ``https://HOST/OWNER/NAME``, with ``.git`` or without, and what git
        writes for SSH: ``git@HOST:OWNER/NAME.git``, ``ssh://git@HOST/OWNER/NAME.git``.
        """
        host = urlsplit(self.url).netloc.lower()
        if "://" in address:
            parts = urlsplit(address)
            there, path = parts.netloc.rpartition("@")[2].lower(), parts.path
        else:
            there, _, path = address.rpartition("@")[2].partition(":")
        names = path.strip("/").removesuffix(".git").split("/")
        if there.lower() != host or len(names) != 2 or not all(names):  # noqa: PLR2004 - owner, name
            return None
        return GitHubPlace(self, names[0], names[1])


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App, as its page on GitHub names it."""

    app_id: str
    """Its number, or its client id."""
    key: str = field(repr=False)
    """Its private key: the text of the PEM file."""
    installation: int | None = None
    """The installation whose tokens are used; found by repository if absent."""


@dataclass(frozen=True, slots=True)
class GitHubPlace:
    """One repository."""

    github: GitHub
    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def address(self) -> str:
        """Return what git clones."""
        return f"{self.github.url}/{self.owner}/{self.name}.git"
