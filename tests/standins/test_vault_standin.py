"""What opens the stacks of the tests: a Vault that gives keys to who has its token."""

import base64
import json
from http.client import HTTPConnection

import pytest

from tests.standins.vault import vault_variables

KEY = base64.b64encode(b"the key of a stack").decode()


def ask(what: str, document: object, token: str) -> tuple[int, str]:
    """Ask as the client of Vault does; return the status and the text of the answer."""
    connection = HTTPConnection(vault_variables()["VAULT_SERVER_URL"].removeprefix("http://"))
    try:
        path, body = f"/v1/transit/{what}", json.dumps(document)
        connection.request("PUT", path, body, {"X-Vault-Token": token})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_key_is_sealed_and_opened_again() -> None:
    token = vault_variables()["VAULT_SERVER_TOKEN"]
    status, sealed = ask("encrypt/stacks", {"plaintext": KEY}, token)
    assert status == 200
    assert KEY not in sealed
    status, opened = ask("decrypt/stacks", json.loads(sealed)["data"], token)
    assert (status, json.loads(opened)) == (200, {"data": {"plaintext": KEY}})


@pytest.mark.parametrize(
    ("what", "token", "status"),
    [("decrypt/stacks", "guessed", 403), ("decrypt/others", "vault-of-the-tests", 404)],
)
def test_who_has_no_right_or_names_another_key_gets_nothing(
    what: str, token: str, status: int
) -> None:
    answer = ask(what, {"ciphertext": "vault:v1:"}, token)
    assert answer[0] == status
    assert "plaintext" not in answer[1]
