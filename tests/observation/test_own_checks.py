"""Checks of one's own: only a clear yes is one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kalypso.observation import OwnCheck, ask_check
from tests.observation.bench import program
from tests.promotion.fleet import COMMITS, expected_of, fleet

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


def answer(check: OwnCheck) -> tuple[str, str]:
    expected = expected_of(fleet("flux")["expected"])
    result = ask_check(check, expected, ENVIRONMENT, lambda: 7.0)
    assert (result.commit, result.at) == (COMMITS["X"], 7.0)
    return result.answer, result.text


def command(folder: Path, text: str) -> OwnCheck:
    return OwnCheck(name="own", command=(program(folder, text),), seconds=5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo fine", ("pass", "fine")),
        ("echo 'too many errors'; exit 1", ("fail", "too many errors")),
        ("echo boom >&2; exit 2", ("unknown", "it ended with 2: boom")),
        ("kill -9 $$", ("unknown", "it ended with -9")),
        (
            'echo "$KALYPSO_ENVIRONMENT $KALYPSO_COMMIT $KALYPSO_PROMOTED"',
            ("pass", f"dev {COMMITS['X']} {COMMITS['M']}"),
        ),
    ],
)
def test_an_exit_code_is_an_answer(tmp_path: Path, text: str, said: tuple[str, str]) -> None:
    assert answer(command(tmp_path, text)) == said


def test_a_command_that_is_not_there_says_neither(tmp_path: Path) -> None:
    check = OwnCheck(name="own", command=(str(tmp_path / "none"),))
    assert answer(check) == ("unknown", "it ended with 127: No such file or directory")


def test_a_command_that_does_not_end_says_neither(tmp_path: Path) -> None:
    check = OwnCheck(name="own", command=(program(tmp_path, "exec sleep 60"),), seconds=0.2)
    assert answer(check) == ("unknown", "it did not end in time")


class Service(ThreadingHTTPServer):
    """Answers what a test wants, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/ready"
        self.status, self.body = 200, b'{"pass": true, "message": "all quiet"}'
        self.headers: Mapping[str, str] = {}
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        given = self.headers.get("Authorization", "")
        self.server.asked.append((parts.path, parse_qs(parts.query), given))
        self.send_response_only(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_service_is_asked_about_the_commit_with_its_token(service: Service) -> None:
    check = OwnCheck(name="own", url=service.url, token="s3cret-token")  # noqa: S106 - of nothing
    assert answer(check) == ("pass", "all quiet")
    about = {"environment": ["dev"], "commit": [COMMITS["X"]], "promoted": [COMMITS["M"]]}
    assert service.asked == [("/ready", about, "Bearer s3cret-token")]


def test_a_token_that_a_service_gives_back_is_not_shown(service: Service) -> None:
    service.body = json.dumps({"pass": False, "message": "no: s3cret-token"}).encode()
    check = OwnCheck(name="own", url=service.url, token="s3cret-token")  # noqa: S106 - of nothing
    assert answer(check) == ("fail", "no: ***")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (503, b"", "it answered with 503"),
        (302, b"", "it answered with 302"),
        (200, b"yes", "its answer is not JSON"),
        (200, b'{"pass": "true"}', "its answer does not say pass: true or pass: false"),
        (200, b" " * 100_000, "its answer is too large"),
    ],
)
def test_any_other_answer_says_neither(
    service: Service, status: int, body: bytes, said: str
) -> None:
    service.status, service.body = status, body
    service.headers = {"Location": "/elsewhere"} if status == 302 else {}
    assert answer(OwnCheck(name="own", url=service.url)) == ("unknown", said)
    assert len(service.asked) == 1


def test_a_service_that_is_down_says_neither(service: Service) -> None:
    address = service.url
    service.server_close()
    assert answer(OwnCheck(name="own", url=address)) == ("unknown", "no answer in time")
