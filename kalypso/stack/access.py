"""How a run reaches GitHub and other machines: tokens of the stack before those around it.

Tokens, and the key of a GitHub App, are settings of the stack (secret), which the engine hands
to the program and, as the provider's configuration, to the provider. They are inputs of no
resource.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from kalypso.forge.github.library import app_tokens
from kalypso.forge.github.place import DEFAULT_URL, App, GitHub
from kalypso.git.credentials import Credentials, TokenSource, from_environment
from kalypso.git.remote import Access
from kalypso.stack.grouped import ungrouped

TOKEN, TOKENS, URL, API = "github.token", "tokens", "forge.url", "forge.api"
"""Settings that say how GitHub is reached."""
APP_ID, APP_KEY, APP_INSTALLATION = "github.app.id", "github.app.key", "github.app.installation"
"""Settings of a GitHub App that is used in place of a token."""


class AppCredentials:
    """Tokens of a GitHub App. The library that makes them is loaded when the first is needed."""

    def __init__(self, github: GitHub, app: App) -> None:
        self._github, self._app = github, app

    def token(self, url: str) -> str:
        """Return a token for a repository; see `kalypso.forge.github.app`."""
        return _tokens_of(self._github, self._app).token(url)


@lru_cache(maxsize=8)
def _tokens_of(github: GitHub, app: App) -> TokenSource:
    """Return what makes an App's tokens: one for the whole process, so that it makes few."""
    return app_tokens(github, app)


def access_from(
    environ: Mapping[str, str],
    github: GitHub,
    token: str = "",
    tokens: Mapping[str, str] | None = None,
    app: App | None = None,
) -> Access:
    """Return how repositories of other machines are reached.

    Args:
        environ: Environment variables; `GITHUB_TOKEN` and its like count least.
        github: GitHub, or a GitHub Enterprise Server.
        token: Its token; empty if the environment has it.
        tokens: Tokens of other hosts, by host.
        app: The App that asks in place of a person.
    """
    found = {**from_environment(environ).tokens}
    found.update({host.lower(): given for host, given in (tokens or {}).items()})
    home = urlsplit(github.url).netloc.lower()
    if token:
        found[home] = token
    made = {home: AppCredentials(github, app)} if app else {}
    return Access(credentials=Credentials(found, made))


class ProviderConfiguration:
    """What the engine told the provider before anything else; changes with each `Configure`."""

    def __init__(self) -> None:
        self._values: Mapping[str, str] = {}

    def take(self, variables: Mapping[str, str]) -> None:
        """Take the configuration as the engine gives it: `kalypso:config:<key>` to text."""
        given = {key.rpartition(":config:")[2]: text for key, text in variables.items()}
        self._values = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in ungrouped(given)
        }

    def access(self) -> Access:
        """Return how repositories of other machines are reached."""
        tokens = self._values.get(TOKENS) or "{}"
        given = json.loads(tokens) if tokens.startswith("{") else {}
        github = GitHub(self._values.get(URL) or DEFAULT_URL, self.api)
        return access_from(os.environ, github, self._values.get(TOKEN, ""), given, self._app)

    @property
    def api(self) -> str:
        """Where REST calls go, if that is not where GitHub has it."""
        return self._values.get(API, "")

    @property
    def _app(self) -> App | None:
        values = self._values
        number = values.get(APP_INSTALLATION) or "0"
        return app_from(values.get(APP_ID, ""), values.get(APP_KEY, ""), int(number))


def app_from(app_id: str, key: str, installation: int) -> App | None:
    """Return the App that settings name; None if they name none."""
    return App(app_id, key, installation or None) if app_id else None
