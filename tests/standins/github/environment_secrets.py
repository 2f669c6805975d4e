"""Secrets of environments on the stand-in GitHub: whoever sets one encrypts it, nobody reads it."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from tests.standins.github.answers import Json
from tests.standins.github.repository import CREATED, GitHubRepository, Refused

Answer = tuple[int, Json | list[Json] | None]


@dataclass
class Vault:
    """The secrets of one environment, and the key with which they are encrypted for it."""

    key: PrivateKey = field(default_factory=PrivateKey.generate, repr=False)
    values: dict[str, str] = field(default_factory=dict, repr=False)
    """In clear, by name: what a job would see."""
    changes: dict[str, int] = field(default_factory=dict)
    """How often each was set: GitHub shows a date."""

    @property
    def key_id(self) -> str:
        return hashlib.sha256(bytes(self.key.public_key)).hexdigest()[:20]

    def shown(self, name: str) -> Json:
        """Return what GitHub shows of a secret: when it was set."""
        updated = f"2026-01-02T03:04:{self.changes[name]:02}Z"
        return {"name": name, "created_at": CREATED, "updated_at": updated}


class SecretRoutes:
    """The calls on secrets of environments."""

    def __init__(self, vault_of: Callable[[GitHubRepository, str], Vault]) -> None:
        """Take what finds the secrets of an environment, and refuses one that is not there."""
        self._vault_of = vault_of
        all_, one = r"/environments/([^/]+)/secrets", r"/environments/([^/]+)/secrets/([^/]+)"
        self.routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("GET", f"{all_}/public-key", self._show_key),
            ("GET", one, self._show),
            ("PUT", one, self._set),
            ("DELETE", one, self._remove),
        ]

    def _show_key(self, repository: GitHubRepository, _: Json, environment: str) -> Answer:
        vault = self._vault_of(repository, environment)
        key = base64.b64encode(bytes(vault.key.public_key)).decode()
        return 200, {"key_id": vault.key_id, "key": key}

    def _show(self, repository: GitHubRepository, _: Json, environment: str, secret: str) -> Answer:
        vault, name = self._vault_with(repository, environment, secret)
        return 200, vault.shown(name)

    def _set(
        self, repository: GitHubRepository, asked: Json, environment: str, secret: str
    ) -> Answer:
        vault, name = self._vault_of(repository, environment), secret.upper()
        if asked["key_id"] != vault.key_id:
            raise Refused(422, "Bad request - key id does not exist", "invalid", "Secret")
        try:
            text = SealedBox(vault.key).decrypt(base64.b64decode(asked["encrypted_value"]))
        except (CryptoError, ValueError):
            message = "Bad request - the value is not encrypted with the key"
            raise Refused(422, message, "invalid", "Secret") from None
        made = name not in vault.values
        vault.values[name] = text.decode()
        vault.changes[name] = vault.changes.get(name, 0) + 1
        return (201, {}) if made else (204, None)

    def _remove(
        self, repository: GitHubRepository, _: Json, environment: str, secret: str
    ) -> Answer:
        vault, name = self._vault_with(repository, environment, secret)
        del vault.values[name]
        return 204, None

    def _vault_with(
        self, repository: GitHubRepository, environment: str, secret: str
    ) -> tuple[Vault, str]:
        """Return the secrets of an environment, one of which has to be there."""
        vault = self._vault_of(repository, environment)
        if secret.upper() not in vault.values:
            raise Refused(404, "Not Found")
        return vault, secret.upper()
