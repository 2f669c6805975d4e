"""A forge per test."""

from pathlib import Path

import pytest

from tests.components.forge import SampleForge


@pytest.fixture
def sample_forge(tmp_path: Path) -> SampleForge:
    """A folder in which a forge can be made."""
    return SampleForge(tmp_path / "forge")


@pytest.fixture
def made_forge(sample_forge: SampleForge) -> SampleForge:
    """A forge with all repositories of the sample."""
    sample_forge.make()
    return sample_forge
