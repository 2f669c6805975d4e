"""A forge per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.forge import SampleForge
from tests.standins.github.server import GitHubServer


@pytest.fixture
def sample_forge(tmp_path: Path) -> SampleForge:
    """A folder in which a forge can be made."""
    return SampleForge(tmp_path / "forge")


@pytest.fixture
def made_forge(sample_forge: SampleForge) -> SampleForge:
    """A forge with all repositories of the sample."""
    sample_forge.make()
    return sample_forge


@pytest.fixture
def github_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    """A stand-in GitHub with an empty cache, and no token around but what a test gives."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable in ("GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    with GitHubServer(tmp_path / "github") as server:
        yield server
