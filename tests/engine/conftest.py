"""Every test here drives the real engine; without one they fail."""

from pathlib import Path

import pytest

from tests.engine.bench import Bench


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.engine)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A project on which nothing has been run."""
    return Bench(tmp_path)


@pytest.fixture(scope="module")
def dev_is_up(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A project with the stack dev up and its first pull request merged, for one module."""
    bench = Bench(tmp_path_factory.mktemp("dev-is-up"))
    bench.init("dev")
    bench.up("dev")
    bench.merge(1)
    return bench
