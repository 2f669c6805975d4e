"""A GitHub App in place of a person's token: tokens of an hour, made when they are needed.

The App signs with its private key that it is the App, and is given a token for one of its
installations: an organization or user that has let it in. Key and tokens are held in memory
only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from githubkit import AppAuthStrategy
from pydantic import AwareDatetime, ConfigDict

from kalypso.errors import KalypsoError, Position, SourceError
from kalypso.forge.github.client import Answer, GitHubClient
from kalypso.forge.github.place import App, GitHub, GitHubPlace
from kalypso.git import Access, Credentials, NoAccess, Patience
from kalypso.harmless_text import keep_secret

_LIFE_SECONDS = 3600.0
"""How long GitHub lets a token live."""
_SPARE_SECONDS = 600.0
"""A token that has less left is renewed: nothing that git does takes so long."""
_Answer = TypeVar("_Answer")


class _Installation(Answer):
    id: int


class _Made(Answer):
    model_config = ConfigDict(hide_input_in_errors=True)  # an error must not tell the token

    token: str
    expires_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str = field(repr=False)
    until: float


class AppTokens:
    """Makes tokens for what an App may reach on one GitHub, and renews them in time."""

    def __init__(
        self,
        github: GitHub,
        app: App,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Name the App; nothing is asked yet.

        Args:
            github: Where it is registered.
            app: The App; line ends in its key may also be written as a backslash and an n.
            patience: How failures that pass are met.
            clock: Seconds that never go back.
        """
        self._github, self._app, self._clock = github, app, clock
        self._key = app.key.replace("\\n", "\n")
        keep_secret([self._key])
        self._access = Access(credentials=Credentials(), patience=patience or Patience())
        self._lock = threading.Lock()
        self._found: dict[str, int] = {}
        self._absent: dict[GitHubPlace, NoAccess] = {}
        self._kept: dict[int, _Kept] = {}

    def token(self, url: str) -> str:
        """Return a token for a repository, valid for some minutes at least.

        Raises:
            NoAccess: The App is not installed for it.
            SourceError: GitHub does not take the App, or cannot be reached.
        """
        place = self._github.place(url)
        if place is None:
            return ""
        with self._lock:  # many readers at once need one token
            number = self._app.installation or self._installation(place)
            kept = self._kept.get(number)
            if kept is None or kept.until <= self._clock():
                kept = self._kept[number] = self._make(place, number)
            return kept.token

    def _installation(self, place: GitHubPlace) -> int:
        """Return the installation of a repository's owner, who has one at most."""
        owner = place.owner.lower()
        if owner in self._found:
            return self._found[owner]
        if place in self._absent:
            raise self._absent[place]
        try:
            found = self._asked(
                place,
                lambda client: client.one(
                    _Installation,
                    lambda rest, owner, name: rest.apps.get_repo_installation(owner, name),
                ),
            )
        except NoAccess as error:
            self._absent[place] = error
            raise
        return self._found.setdefault(owner, found.id)

    def _make(self, place: GitHubPlace, number: int) -> _Kept:
        asked = self._clock()
        made = self._asked(
            place,
            lambda client: client.one(
                _Made, lambda rest, *_: rest.apps.create_installation_access_token(number)
            ),
        )
        life = (made.expires_at - datetime.now(UTC)).total_seconds()
        # The clocks of two machines differ; what cannot be is not believed.
        life = life if 0 < life < _LIFE_SECONDS else _LIFE_SECONDS
        return _Kept(made.token, asked + max(life - _SPARE_SECONDS, life / 2))

    def _asked(self, place: GitHubPlace, ask: Callable[[GitHubClient], _Answer]) -> _Answer:
        self._check_key(place)
        client = GitHubClient(place, self._access, AppAuthStrategy(self._app.app_id, self._key))
        try:
            return ask(client)
        except KalypsoError as error:
            raise self._explained(place, error) from None

    def _check_key(self, place: GitHubPlace) -> None:
        try:
            key = load_pem_private_key(self._key.encode(), None)
        except (ValueError, TypeError):  # no PEM, damaged, or locked with a password
            key = None
        if not isinstance(key, RSAPrivateKey):
            raise SourceError(
                f"the key of the GitHub App {self._app.app_id} is not a private key",
                Position(str(place)),
                "github.app.key is the whole text of the .pem file that GitHub made for the App:"
                " `pulumi config set --secret github.app.key < app.pem`",
                code="bad-app-key",
            )

    def _explained(self, place: GitHubPlace, error: KalypsoError) -> KalypsoError:
        at, code = Position(str(place)), error.problem.code
        if code == "no-repository" and self._app.installation:
            return NoAccess(
                f"the GitHub App {self._app.app_id} has no installation {self._app.installation}",
                at,
                "github.app.installation is the number at the end of the installation's address;"
                " without this setting it is found",
                code="no-installation",
            )
        if code == "no-repository":
            return NoAccess(
                f"the GitHub App {self._app.app_id} is not installed for {place}",
                at,
                "install it for the owner and let it see the repository; check the name",
                code="no-installation",
            )
        if code in {"denied", "github-refused"}:
            return SourceError(
                f"the GitHub App {self._app.app_id} is refused: {error.problem.message}",
                at,
                "github.app.id and github.app.key must belong together, the installation must"
                " not be suspended, and this machine's clock must be right",
                code="app-refused",
            )
        return error
