"""A team with a local forge; and Helm, which is built once for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.application.bench import Team
from tests.support.built import helm_folder


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("KALYPSO_FORGE", "KALYPSO_REPOSITORY", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada\n  email = ada@example.com\n")


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


@pytest.fixture
def helm(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put Helm on PATH; return its folder."""
    folder = helm_folder()
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    return folder
