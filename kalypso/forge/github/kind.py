"""How GitHub is named: by settings, by the inputs of resources, by addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from kalypso.errors import DeliveryError, Position, Problem, SettingsError
from kalypso.forge.forge import Values
from kalypso.forge.github.library import library
from kalypso.forge.github.place import DEFAULT_URL, App, GitHub, GitHubPlace
from kalypso.git import Credentials, TokenSource, check_repository, credentials_in, is_remote, mask

_TO_PUSH = Path(".kalypso/begin")
_OWNER_AND_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")


class GitHubKind:
    """GitHub, and GitHub Enterprise Server."""

    def configured(self, values: Values) -> GitHub:
        """Return the installation of a stack, or github.com for one on another forge."""
        named = values.get("forge.url") if values.get("forge", "github") == "github" else ""
        return GitHub(
            (named or DEFAULT_URL).rstrip("/"),
            values.get("forge.api", ""),
            values.get("github.owner", ""),
        )

    def problems(self, values: Values) -> Iterable[tuple[str, Problem]]:
        """Return what keeps a GitHub App from being used."""
        app_id, key = values.get("github.app.id"), values.get("github.app.key")
        if bool(app_id) != bool(key):
            has, lacks = ("id", "key") if app_id else ("key", "id")
            message = f"github.app.{has} is set, and github.app.{lacks} is not"
            hint = "a GitHub App needs both: its number, and the text of its .pem file as a secret"
            yield f"github.app.{has}", Problem("github-app", message, Position(""), hint)
        if app_id and values.get("github.token"):
            message = "both a token and a GitHub App are set"
            hint = "remove github.token, or github.app.id and github.app.key"
            yield "github.token", Problem("github-app", message, Position(""), hint)

    def credentials(self, values: Values) -> Credentials:
        """Return the token of the settings, or what makes those of their GitHub App."""
        github, token, app = self.configured(values), values.get("github.token"), _app(values)
        host = urlsplit(github.url).netloc.lower()
        return Credentials(
            {host: token} if token else {}, {host: AppCredentials(github, app)} if app else {}
        )

    @property
    def owned_on(self) -> str:
        """GitHub: its repositories belong to an organization or a user."""
        return "GitHub"

    @property
    def new_folder(self) -> Path:
        """Where repositories wait until somebody pushes them."""
        return _TO_PUSH

    def creation(self, owner: str, name: str) -> str:
        """Return the command of GitHub's own tool that makes a repository."""
        return f"gh repo create {owner}/{name} --private"

    def identified(self, identity: Mapping[str, object], values: Values) -> GitHubPlace | None:
        """Return the repository at an address of GitHub; None without one.

        Raises:
            DeliveryError: The inputs do not name a repository by owner and name.
        """
        url, repository = (str(identity.get(key) or "") for key in ("github", "repository"))
        if not url:
            return None
        place = GitHub(url, values.get("forge.api", "")).place(f"{url}/{repository}")
        if place is None:
            raise DeliveryError(
                f"{repository!r} is not a repository of {url}",
                Position(repository),
                "name it as owner/name",
                code="bad-repository",
            )
        return place

    def named(self, given: str, environ: Mapping[str, str]) -> GitHubPlace | None:
        """Return the repository of an option.

        Args:
            given: `OWNER/NAME` on github.com, or on the server that `GITHUB_SERVER_URL` names as
                in a workflow; else an address on any server: what a browser shows, or git clones.
            environ: Environment variables.

        Raises:
            SettingsError: The address has no owner and name.
            SourceError: The address is not one that git may be given.
        """
        if _OWNER_AND_NAME.fullmatch(given):
            server = environ.get("GITHUB_SERVER_URL") or DEFAULT_URL
            given = f"{server.rstrip('/')}/{given}"
        elif not is_remote(given) and not credentials_in(given):
            return None
        check_repository(given)
        parts = urlsplit(given)
        host = parts.netloc.rpartition("@")[2] or given.rpartition("@")[2].partition(":")[0]
        scheme = "http" if parts.scheme == "http" else "https"
        place = GitHub(f"{scheme}://{host}").place(given)
        if place is None:
            raise SettingsError(
                f"{mask(given)} is not a repository on GitHub",
                Position("--repository"),
                "for example https://github.com/acme/kalypso-gitops; one of the local forge has"
                " a name without a slash",
                code="bad-repository",
            )
        return place


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
    with library(github.url):
        from kalypso.forge.github.app import AppTokens  # noqa: PLC0415 - see `library`
    return AppTokens(github, app)


def _app(values: Values) -> App | None:
    """Return the App that settings name; None without its key, which commands may not see."""
    app_id, key = values.get("github.app.id"), values.get("github.app.key", "")
    installation = int(values.get("github.app.installation") or "0")
    return App(app_id, key, installation or None) if app_id and key else None
