"""The fuzzers bite: with a fix taken back, each finds the fault among the inputs of one run.

A fix is taken back in place, so that every module that has imported the function gets the old one;
its names are those of the module of the fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import Message
from io import BufferedIOBase
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from kalypso.forge.local import request
from kalypso.forge.local.request import Target
from kalypso.git import address
from kalypso.git.hosts import host_of
from kalypso.golang import bytestrings
from kalypso.harmless_text import harmless
from kalypso.loading import kustomization_fields
from tests.fuzz.offline import cut_off
from tests.fuzz.test_addresses import try_addresses
from tests.fuzz.test_render import try_templates
from tests.fuzz.test_serve import serving, try_requests
from tests.fuzz.test_validate import try_models


@pytest.fixture(autouse=True)
def _of_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(tmp_path, monkeypatch)
    monkeypatch.delenv("KALYPSO_FUZZ_SECONDS", raising=False)


def home_of_anybody(folder: Path) -> Path:
    return folder.expanduser()


def host_of_any_address(repository: str, _shown: str, _at: Any) -> None:
    host_of(repository)


def only_utf8(text: str) -> bytes:
    return text.encode()


def size_of_any_line(source: BufferedIOBase) -> int:
    return int(source.readline(), 16)


def fields_of_any_type(_value: Any, _wanted: Any, _origin: Any, _path: Any) -> Iterator[Any]:
    yield from ()


def as_it_came(text: str) -> str:
    return text


class Fix(NamedTuple):
    """A function, what it was before, and the search that finds what was wrong with that."""

    now: Callable[..., Any]
    before: Callable[..., Any]
    search: Callable[[], None]
    fault: type[Exception] | None
    """The traceback; None for a message that is obeyed."""
    said: str = "seed"
    """What the search ends with."""


FIXES = {
    "addresses": Fix(address.expanded, home_of_anybody, try_addresses, RuntimeError),
    "addresses, hosts": Fix(
        address._check_remote,  # noqa: SLF001 - the fix
        host_of_any_address,
        try_addresses,
        ValueError,
    ),
    "renderings": Fix(bytestrings.to_bytes, only_utf8, try_templates, UnicodeEncodeError),
    "models, types": Fix(
        kustomization_fields._wrong,  # noqa: SLF001 - the fix
        fields_of_any_type,
        try_models,
        AttributeError,
    ),
    "models, messages": Fix(harmless, as_it_came, try_models, None, "##vso"),
}


@pytest.mark.parametrize("fix", FIXES.values(), ids=FIXES)
def test_a_fix_that_is_taken_back_is_found(fix: Fix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fix.now, "__code__", fix.before.__code__)
    with pytest.raises(AssertionError, match=fix.said) as caught:
        fix.search()
    assert type(caught.value.__cause__) is (fix.fault or type(None))


def any_target(path: str) -> Target:
    parts = urlsplit(path)
    name, _, service = parts.path.lstrip("/").partition("/")
    return Target(name.removesuffix(".git"), service, parts.query)


def any_host(headers: Message) -> bool:
    return urlsplit(f"//{headers.get('Host', '')}").hostname == "127.0.0.1"


TRACEBACK = "-{20}"
"""How the server of Python's library begins one; pytest cuts the rest."""
SERVER = {
    "chunks": (request._chunk_size, size_of_any_line),  # noqa: SLF001 - the fix
    "target": (request.target_of, any_target),
    "host": (request.asks_here, any_host),
}


@pytest.mark.parametrize(("now", "before"), SERVER.values(), ids=SERVER)
def test_a_fix_of_the_server_that_is_taken_back_is_found(
    now: Callable[..., Any],
    before: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(now, "__code__", before.__code__)
    with serving(tmp_path) as served, pytest.raises(AssertionError, match=TRACEBACK):
        try_requests(served, capfd)
