"""Coverage is measured while a room's own tests run: measuring makes the others twice as slow."""

from pathlib import Path

from coverage import Coverage

_TESTS = Path(__file__).parents[1]
_WHOLE = "platforms"
"""The folder of tests that evaluate whole models, and so all rooms that are measured."""


class OwnCoverage:
    """Measures while own tests run; changes only between them, for a start takes a millisecond."""

    def __init__(self) -> None:
        """Let be what is measured now."""
        self._stopped: Coverage | None = None

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
            self._stopped = coverage
            # In a process of xdist pytest-cov starts two, and the first goes on after the second.
            while running := Coverage.current():
                running.stop()


def _room(test: Path) -> str:
    return test.relative_to(_TESTS).parts[0]


def _rooms(coverage: Coverage) -> set[str]:
    source = coverage.get_option("run:source")
    assert isinstance(source, list)
    return {Path(each).name for each in source}
