"""Coverage is measured while a room's own tests run: measuring makes the others twice as slow."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from coverage import Coverage

_TESTS = Path(__file__).parents[1]
_WHOLE = "platforms"
"""The folder of tests that evaluate whole models, and so all rooms that are measured."""


class OwnCoverage:
    """Measures while own tests run; changes only between them, for a start takes a millisecond."""

    def __init__(self) -> None:
        """Let be what is measured now."""
        self._stopped: Coverage | None = None

    def loaded(self) -> None:
        """Load all that is measured, for loading runs lines too; then measure nothing.

        Tests are found in half the time then, and load what they like.
        """
        coverage = Coverage.current()
        if coverage is not None:
            for module in _modules(coverage):
                import_module(module)
            self._stop(coverage)

    def before(self, test: Path, *, search: bool = False) -> None:
        """Measure from now on if a test is one of a room that is measured, else nothing.

        Args:
            test: The file of the test that comes next.
            search: Whether it looks for surprises among hundreds of examples; what it reaches,
                others reach with one.
        """
        coverage = self._stopped or Coverage.current()
        if coverage is None:
            return
        own = not search and _room(test) in {*_rooms(coverage), _WHOLE}
        if own and self._stopped:
            coverage.start()
            self._stopped = None
        elif not own and not self._stopped:
            self._stop(coverage)

    def _stop(self, coverage: Coverage) -> None:
        self._stopped = coverage
        # In a process of xdist pytest-cov starts two, and the first goes on after the second.
        while running := Coverage.current():
            running.stop()


def _room(test: Path) -> str:
    return test.relative_to(_TESTS).parts[0]


def _rooms(coverage: Coverage) -> set[str]:
    return {Path(each).name for each in _source(coverage)}


def _modules(coverage: Coverage) -> Iterator[str]:
    for source in _source(coverage):
        package = source.replace("/", ".")
        yield package
        inside = walk_packages([str(_TESTS.parent / source)], f"{package}.")
        yield from (each.name for each in inside)


def _source(coverage: Coverage) -> list[str]:
    source = coverage.get_option("run:source")
    assert isinstance(source, list)
    return source
