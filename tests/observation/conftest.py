"""Fleets whose servers run until the test ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.observation.bench import Fleet


@pytest.fixture
def flux(tmp_path: Path) -> Iterator[Fleet]:
    """Two clusters with Flux."""
    yield from _running(Fleet(tmp_path))


@pytest.fixture
def argocd(tmp_path: Path) -> Iterator[Fleet]:
    """One cluster with Argo CD."""
    yield from _running(Fleet(tmp_path, "argocd"))


def _running(made: Fleet) -> Iterator[Fleet]:
    with ExitStack() as stack:
        for server in made.servers.values():
            stack.enter_context(server)
        yield made
