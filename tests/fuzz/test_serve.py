"""Whatever a client sends: the forge answers or hangs up, goes on serving, and leaves nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from random import Random

import pytest

from kalypso.forge.local import ForgeServer, LocalFolder
from kalypso.forge.local.server import Limits
from kalypso.git import run
from tests.delivery.platform import GitOps
from tests.fuzz.seeds import lines, rounds

ROUNDS = 1_000
_LIMITS = Limits(question=100_000, silence=2, seconds=5)
TOKENS = [
    *("\r\n", "\r\n\r\n", ":", " ", "\0", "\t", "%00", "%0a", "..", "/", "[", "]", "@", "#", "-1"),
    *("FFFFFFFFFFFFFFFF", "0x10", "9" * 30, "zz", "0\r\n\r\n", "\xff", "\xb2", "Host: x\r\n"),
    *(
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\n",
        "Expect: 100-continue\r\n",
        "a" * 9000,
    ),
]


@contextmanager
def serving(root: Path) -> Iterator[tuple[str, int]]:
    """Serve a repository, and yield the address."""
    GitOps(root / "forge" / "kalypso-gitops.git")
    folder = LocalFolder(root / "forge")
    with ForgeServer(folder, ("127.0.0.1", 0), limits=_LIMITS) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield "127.0.0.1", server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def broken(draw: Random, good: list[str]) -> str:
    """Return a request with one to four changes."""
    text = draw.choice(good)
    for _ in range(draw.randint(1, 4)):
        start = draw.randint(0, len(text))
        end = min(len(text), start + draw.choice([0, 0, 1, 4, 30]))
        text = text[:start] + draw.choice([*TOKENS, ""]) + text[end:]
    return text


def send(address: tuple[str, int], text: str, *, hang_up: bool) -> None:
    with suppress(OSError), socket.create_connection(address, 10) as connection:
        connection.sendall(text.encode("latin-1"))
        if not hang_up:
            connection.shutdown(socket.SHUT_WR)
            connection.makefile("rb").read()


def test_a_broken_request_leaves_nothing_and_is_no_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(tmp_path) as address:
        try_requests(address, capfd)
        connection = HTTPConnection(*address, timeout=10)
        connection.request("GET", "/kalypso-gitops/info/refs?service=git-upload-pack")
        assert connection.getresponse().status == 200
        connection.close()
    for process in list(run._running):  # noqa: SLF001 - what this is about
        process.wait(10)


def try_requests(address: tuple[str, int], capfd: pytest.CaptureFixture[str]) -> None:
    """Send broken requests until the server prints a traceback."""
    good = lines("requests.txt")
    for seed, draw in rounds("serve", ROUNDS):
        text = broken(draw, good)
        send(address, text, hang_up=draw.random() < 0.3)
        assert capfd.readouterr().err == "", (seed, text)
