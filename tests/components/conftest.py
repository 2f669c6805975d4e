"""A forge per test."""

from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest

from tests.components.forge import SampleForge
from tests.components.mocks import Seen


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
def seen() -> Iterator[Seen]:
    mocks = Seen()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev")
    yield mocks
    pulumi.runtime.settings.reset_options()
