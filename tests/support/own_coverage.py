"""Coverage is measured while a room's own tests run: measuring makes the others twice as slow."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coverage import Coverage

_TESTS = Path(__file__).parents[1]
_WHOLE = "platforms"
"""The folder of tests that evaluate whole models, and so all rooms that are measured."""


@contextmanager
def measured_by_own_tests(test: Path) -> Iterator[None]:
    """Run a test, and measure nothing unless it is one of a room that is measured.

    Args:
        test: The file of the test.
    """
    coverage = Coverage.current()
    if coverage is None or _room(test) in {*_rooms(coverage), _WHOLE}:
        yield
        return
    coverage.stop()
    try:
        yield
    finally:
        coverage.start()


def _room(test: Path) -> str:
    return test.relative_to(_TESTS).parts[0]


def _rooms(coverage: Coverage) -> set[str]:
    source = coverage.get_option("run:source")
    assert isinstance(source, list)
    return {Path(each).name for each in source}
