"""A platform per test, on either forge; the person who types is Ann."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chain.forges import Local, OnGitHub
from tests.chain.platform import Platform
from tests.standins.github.server import GitHubServer


@pytest.fixture(params=["local", "github"])
def platform(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Platform]:
    """The same platform on each forge."""
    yield from _made(request.param, tmp_path, monkeypatch)


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The platform on the local forge."""
    yield from _made("local", tmp_path, monkeypatch)


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The platform on GitHub."""
    yield from _made("github", tmp_path, monkeypatch)


def _made(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    def ann() -> tuple[str, str]:
        return "ann", "ann@example.com"

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for module in ("kalypso.cli.person.person", "kalypso.cli.promotion.person"):
        monkeypatch.setattr(module, ann)
    program = tmp_path / "program"
    program.mkdir()
    if kind == "local":
        monkeypatch.chdir(program)
        yield Platform(program, Local(program))
        return
    with GitHubServer(tmp_path / "github") as server:
        yield Platform(program, OnGitHub(server))
