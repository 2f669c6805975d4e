"""The stack's fixtures, and mocks in place of the engine."""

import gc
from collections.abc import Iterator

import pulumi
import pytest

from tests.components.mocks import Seen
from tests.components.test_azure import Azure, Monitor
from tests.stack.fixtures import github_server, made_forge, sample_forge

__all__ = ["github_server", "made_forge", "sample_forge", "seen"]


@pytest.fixture(autouse=True)
def _own_garbage() -> Iterator[None]:
    """Throw away what a program that failed has left, before the next test.

    It has exceptions in it that nobody asked for. Of these asyncio logs the traceback when they are
    collected, and Python 3.11 cannot do that while it parses something. What is left then is in use
    and stays, so the next test need not look through it again.
    """
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def seen() -> Iterator[Seen]:
    mocks = Seen()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev")
    yield mocks
    pulumi.runtime.settings.reset_options()


@pytest.fixture
def watched() -> Iterator[Azure]:
    mocks = Azure()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()
