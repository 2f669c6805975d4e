"""Every test here drives the real engine; without one they fail."""

from pathlib import Path

import pytest

from tests.engine.bench import Bench
from tests.support.prepared import prepared


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/engine/"):
            item.add_marker(pytest.mark.engine)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A project on which nothing has been run."""
    return Bench(tmp_path)


@pytest.fixture
def dev_is_up(bench: Bench) -> Bench:
    """A project with the stack dev up and its first pull request merged: a copy of one."""
    bench.go_on_from(prepared("dev-is-up", _bring_dev_up))
    return bench


def _bring_dev_up(folder: Path) -> None:
    bench = Bench(folder)
    bench.init("dev")
    bench.up("dev")
    bench.merge(1)
