"""HashiCorp's Vault, as far as Pulumi asks it: a key that wraps the keys of stacks.

An engine that is given a passphrase derives the key of a stack from it a million rounds long, at
each command. With a key service it asks for the key: platform teams do that, and tests that start
the engine hundreds of times.
"""

import base64
import json
import threading
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRETS_PROVIDER = "hashivault://stacks"
_TOKEN = "vault-of-the-tests"  # noqa: S105 - this server is asked by tests only
_SEALED = "vault:v1:"


@cache
def vault_variables() -> dict[str, str]:
    """Start the server, unless this process has one, and return the variables that lead to it.

    What one server has sealed, each other opens: folders with stacks are copied among processes.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    return {"VAULT_SERVER_URL": address, "VAULT_SERVER_TOKEN": _TOKEN}


class _Handler(BaseHTTPRequestHandler):
    """Answers `encrypt` and `decrypt` of the engine `transit`."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("X-Vault-Token") != _TOKEN:
            self._answer(HTTPStatus.FORBIDDEN, {"errors": ["permission denied"]})
        elif self.path == "/v1/transit/encrypt/stacks":
            self._answer(HTTPStatus.OK, {"data": {"ciphertext": _turned(asked["plaintext"])}})
        elif self.path == "/v1/transit/decrypt/stacks":
            self._answer(HTTPStatus.OK, {"data": {"plaintext": _turned(asked["ciphertext"])}})
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"errors": []})

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _answer(self, status: HTTPStatus, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _turned(text: str) -> str:
    """Seal what is open, and open what is sealed: each byte is turned over."""
    if not text.startswith(_SEALED):
        return _SEALED + _invert(text)
    return _invert(text.removeprefix(_SEALED))


def _invert(text: str) -> str:
    return base64.b64encode(bytes(255 - byte for byte in base64.b64decode(text))).decode()
