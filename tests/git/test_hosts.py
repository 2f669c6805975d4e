"""Link-local addresses are refused, however they are spelled."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kalypso.errors import SourceError
from kalypso.git.hosts import METADATA_ADDRESS, host_of, is_link_local
from kalypso.git.remote import Access, Remote
from kalypso.git.retry import Patience

SPELLINGS = [
    "http://169.254.169.254/latest/meta-data",
    "http://169.254.169.254./x",
    "http://169.254.0.1:8080/x",
    "https://169.254.255.255/x",
    "http://2852039166/x",
    "http://0xA9FEA9FE/x",
    "http://0xa9.254.0xa9.254/x",
    "http://0251.0376.0251.0376/x",
    "http://169.254.43518/x",
    "http://169.16689662/x",
    "http://%31%36%39.254.169.254/x",
    "http://\uff11\uff16\uff19.254.169.254/x",
    "http://169\u3002254\u3002169\u3002254/x",
    "http://[fe80::1]/x",
    "http://[fe80::1%25eth0]/x",
    "http://[FEBF::1]:80/x",
    "http://[::ffff:169.254.169.254]/x",
    "http://[::ffff:a9fe:a9fe]/x",
    "http://[64:ff9b::a9fe:a9fe]/x",
    "http://[::169.254.169.254]/x",
    "http://[2002:a9fe:a9fe::1]/x",
    "http://[fd00:ec2::254]/x",
    "http://metadata.google.internal/x",
    "http://Metadata.Google.Internal./x",
    "ssh://git@169.254.169.254/x",
    "git://169.254.169.254/x",
    "git@169.254.169.254:x",
    "git@[fe80::1]:x",
]


@pytest.mark.parametrize("address", SPELLINGS)
def test_every_spelling_of_a_link_local_address_is_known(address: str) -> None:
    assert is_link_local(host_of(address))


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/a/b",
        "https://169.255.0.1/x",
        "http://127.0.0.1:3180/x",
        "http://10.0.0.1/x",
        "http://[::1]/x",
        "http://[2001:db8::1]/x",
        "git@git.example:a/b",
        "https://169.254.169.254.example.com/x",
        "https://fe80.example.com/x",
    ],
)
def test_other_hosts_are_not_taken_for_link_local(address: str) -> None:
    assert not is_link_local(host_of(address))


def test_a_link_local_address_is_refused_before_it_is_asked(tmp_path: Path) -> None:
    for address in ("http://169.254.169.254/app", "http://[fe80::1]/app", "git@169.254.0.1:app"):
        with pytest.raises(SourceError) as caught:
            Remote(address, Access(cache=tmp_path))
        told = str(caught.value).splitlines()[0].partition(": error: ")[2]
        assert told == (
            f"the address {address} is link-local, where a cloud keeps credentials of its machines"
            " [bad-repository]"
        )


def test_a_setting_allows_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Remote("http://169.254.169.254/app", Access(cache=tmp_path, link_local=True))
    monkeypatch.setenv("KALYPSO_LINK_LOCAL", "allow")
    Remote("http://169.254.169.254/app", Access(cache=tmp_path))
    monkeypatch.setenv("KALYPSO_LINK_LOCAL", "no")
    with pytest.raises(SourceError, match="link-local"):
        Remote("http://169.254.169.254/app", Access(cache=tmp_path))


class _Redirecting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://{METADATA_ADDRESS}{self.path}")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


def test_a_redirect_to_the_metadata_of_a_cloud_is_refused(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), _Redirecting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        once = Access(cache=tmp_path, patience=Patience(attempts=1))
        address = f"http://127.0.0.1:{server.server_address[1]}/app"
        with pytest.raises(SourceError, match=f"git to {METADATA_ADDRESS}, which is link-local"):
            Remote(address, once).refs()
        server.shutdown()
        thread.join()


class _Elsewhere(BaseHTTPRequestHandler):
    """Redirects to a server that counts who comes."""

    target = ""

    def do_GET(self) -> None:
        self.send_response(301)
        self.send_header("Location", f"{self.target}{self.path}")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


class _Counting(_Redirecting):
    visits = 0

    def do_GET(self) -> None:
        type(self).visits += 1
        self.send_error(404)


@pytest.mark.parametrize(("follow", "reached"), [("initial", True), ("false", False)])
def test_gits_own_setting_says_whether_a_redirect_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, follow: str, *, reached: bool
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text(f"[http]\n\tfollowRedirects = {follow}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setattr(_Counting, "visits", 0)
    with (
        HTTPServer(("127.0.0.1", 0), _Counting) as inner,
        HTTPServer(("127.0.0.1", 0), _Elsewhere) as outer,
    ):
        monkeypatch.setattr(_Elsewhere, "target", f"http://127.0.0.1:{inner.server_address[1]}")
        threads = [
            threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.01})
            for each in (inner, outer)
        ]
        for thread in threads:
            thread.start()
        once = Access(cache=tmp_path, patience=Patience(attempts=1))
        with pytest.raises(SourceError):
            Remote(f"http://127.0.0.1:{outer.server_address[1]}/app", once).refs()
        for each in (inner, outer):
            each.shutdown()
        for thread in threads:
            thread.join()
    assert (_Counting.visits > 0) is reached
