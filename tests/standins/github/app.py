"""A GitHub App of the stand-in GitHub: who shows its signature is given a token for an hour."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.standins.github.answers import Answers, Json
from tests.standins.github.tokens import ALL, Grant

APP_ID = "123456"
_INSTALLATION = re.compile(r"/repos/([^/]+)/([^/]+)/installation")
_TOKENS = re.compile(r"/app/installations/(\d+)/access_tokens")
_LIFE_SECONDS = 3600
_LONGEST_SECONDS = 600
"""How far in the future GitHub lets a signature end."""


@cache
def key_pair(number: int = 0) -> tuple[str, str]:
    """Return the PEM texts of a private key and its public one, made once in a run."""
    del number
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


class StandInApp:
    """One App, and who has let it in."""

    def __init__(self, grants: dict[str, Grant], answers: Answers) -> None:
        self.installations: dict[str, int] = {"acme": 77}
        """By owner."""
        self.suspended = False
        self.clock: Callable[[], float] = time.time
        """Of the server."""
        self.issued: list[str] = []
        self._grants, self._show = grants, answers

    def takes(self, path: str) -> bool:
        """Return whether a call is one that an App makes with its signature."""
        return bool(_INSTALLATION.fullmatch(path) or _TOKENS.fullmatch(path))

    def revoke(self) -> None:
        """Let every token that was given out be expired."""
        for token in self.issued:
            self._grants.pop(token, None)

    def answer(self, path: str, authorization: str) -> tuple[int, Any]:
        """Answer a call about the App, if its signature is good."""
        wrong = self._wrong(authorization.removeprefix("Bearer "))
        if wrong:
            return 401, {"message": wrong}
        found, asked = _INSTALLATION.fullmatch(path), _TOKENS.fullmatch(path)
        if found:
            number = self.installations.get(found[1].lower())
            if number is None:
                return 404, {"message": "Not Found"}
            return 200, self._show.installation(number, found[1])
        if asked is None or int(asked[1]) not in self.installations.values():
            return 404, {"message": "Not Found"}
        if self.suspended:
            return 403, {"message": "This installation has been suspended"}
        return 201, self._token()

    def _token(self) -> Json:
        token = f"ghs_canary{len(self.issued):04}0123456789abcdef"
        self.issued.append(token)
        self._grants[token] = Grant(writes=ALL, user="kalypso[bot]")
        ends = datetime.fromtimestamp(self.clock() + _LIFE_SECONDS, UTC)
        return {
            "token": token,
            "expires_at": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "permissions": {"contents": "write", "pull_requests": "write"},
            "repository_selection": "all",
        }

    def _wrong(self, signature: str) -> str:
        """Return what GitHub says of a signature; nothing if it is good."""
        try:
            claims = jwt.decode(
                signature,
                key_pair()[1],
                algorithms=["RS256"],
                options={
                    "verify_exp": False,
                    "verify_iat": False,
                    "require": ["iss", "iat", "exp"],
                },
            )
        except jwt.InvalidTokenError:
            return "A JSON web token could not be decoded"
        if claims["iss"] != APP_ID:
            return "Integration not found"
        if claims["iat"] > self.clock():
            return "'Issued at' claim ('iat') must be an Integer in the past"
        if not self.clock() < claims["exp"] <= self.clock() + _LONGEST_SECONDS:
            return "'Expiration time' claim ('exp') must be a future time"
        return ""
