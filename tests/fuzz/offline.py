"""A run without a network: every address is judged as usual, and then nobody answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalypso.errors import Position
from kalypso.git import Access, GitFailed, Patience

ONCE = Access(patience=Patience(attempts=1))


def cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing leave this machine, and let relative paths lead into an empty folder."""
    monkeypatch.setattr("kalypso.git.remote.git", _fail)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.chdir(folder)


def _fail(*_arguments: str, **_options: object) -> bytes:
    raise GitFailed("there is no network", Position("git"))
