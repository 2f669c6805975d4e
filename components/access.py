"""How a run reaches GitHub and other machines: tokens of the stack before those around it.

Tokens are settings of the stack (secret), which the engine hands to the program and, as
the provider's configuration, to the provider. They are inputs of no resource.
"""

import json
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from kalypso.delivery.github_place import DEFAULT_URL
from kalypso.git.credentials import Credentials, from_environment
from kalypso.git.remote import Access

TOKEN, TOKENS, URL, API = "github.token", "tokens", "forge.url", "forge.api"
"""Settings that say how GitHub is reached."""


def access_from(
    environ: Mapping[str, str], github_url: str, token: str, tokens: Mapping[str, str]
) -> Access:
    """Return how repositories of other machines are reached.

    Args:
        environ: Environment variables; `GITHUB_TOKEN` and its like count least.
        github_url: Address of GitHub, or of a GitHub Enterprise Server.
        token: Its token; empty if the environment has it.
        tokens: Tokens of other hosts, by host.
    """
    found = {**from_environment(environ).tokens}
    found.update({host.lower(): given for host, given in tokens.items()})
    if token:
        found[urlsplit(github_url).netloc.lower()] = token
    return Access(credentials=Credentials(found))


class ProviderConfiguration:
    """What the engine told the provider before anything else; changes with each `Configure`."""

    def __init__(self) -> None:
        self._values: Mapping[str, str] = {}

    def take(self, variables: Mapping[str, str]) -> None:
        """Take the configuration as the engine gives it: `kalypso:config:<key>` to text."""
        self._values = {key.rpartition(":config:")[2]: text for key, text in variables.items()}

    def access(self) -> Access:
        """Return how repositories of other machines are reached."""
        tokens = self._values.get(TOKENS) or "{}"
        given = json.loads(tokens) if tokens.startswith("{") else {}
        url = self._values.get(URL) or DEFAULT_URL
        return access_from(os.environ, url, self._values.get(TOKEN, ""), given)

    @property
    def api(self) -> str:
        """Where REST calls go, if that is not where GitHub has it."""
        return self._values.get(API, "")
