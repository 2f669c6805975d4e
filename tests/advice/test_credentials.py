"""What looks like a credential is warned about, and what refers to one is not."""

from __future__ import annotations

import pytest

from kalypso.advice.credentials import credentials_in

AWS = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + "0123456789abcdefghij0123456789abcdef"


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD: hunter2",
        'password: "correct-horse"',
        "apiKey: 8f14e45fceea167a",
        "    client_secret: Zx81!kq",
        "conn: Server=a;Password=abc123;User=x",
        f"key: {AWS}",
        f"anything: {GITHUB}",
        "url: mysql://root:pw123@host/db",
        "data: -----BEGIN RSA " + "PRIVATE KEY-----",
        "TOKEN=abcdef123",
    ],
)
def test_a_credential_is_found(line: str) -> None:
    assert list(credentials_in(line))


@pytest.mark.parametrize(
    "line",
    [
        "REGION: East US",
        "DATABASE_URL: mysql://restricted-host:3306/mysqlrty123",
        "secretRef:",
        "  name: repo-secret",
        "secretName: repo-secret",
        "SECRET_STORE: team-vault",
        "secret: repo-secret",
        "passwordSecretName: db",
        "password: {{ quote .ConfigData.PASSWORD }}",
        "password: ${DB_PASSWORD}",
        "token: https://vault.example.com/token",
        "key: value",
        "tokenTTL: 1h",
        "automountServiceAccountToken: false",
        "secretKey: true",
        "commit: 9436f7032b7238b6fc3158fe8cc656c1693a9693",
        "image: ghcr.io/acme/app@sha256:" + "0" * 64,
        "# the password is in the vault",
    ],
)
def test_what_refers_to_one_is_not(line: str) -> None:
    assert list(credentials_in(line)) == []
