"""What counts for coverage: what a room's own tests reach, and nothing that others reach."""

from pathlib import Path

import pytest
from coverage import Coverage

from tests.support.own_coverage import measured_by_own_tests

ROOT = Path(__file__).parents[2]
ROOMS = ("kalypso/model", "kalypso/rendering")


class Measuring:
    """What pytest-cov has started, in a run that measures."""

    def __init__(self) -> None:
        self.on = True

    def get_option(self, name: str) -> list[str]:
        assert name == "run:source"
        return list(ROOMS)

    def stop(self) -> None:
        assert self.on
        self.on = False

    def start(self) -> None:
        assert not self.on
        self.on = True


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> Measuring:
    made = Measuring()
    monkeypatch.setattr(Coverage, "current", lambda: made)
    return made


@pytest.mark.parametrize("test", ["model/test_names.py", "platforms/test_cases.py"])
def test_a_rooms_own_tests_are_measured(test: str, measuring: Measuring) -> None:
    with measured_by_own_tests(ROOT / "tests" / test):
        assert measuring.on
    assert measuring.on


@pytest.mark.parametrize("test", ["cli/test_get.py", "engine/model/test_x.py"])
def test_other_tests_are_not(test: str, measuring: Measuring) -> None:
    with measured_by_own_tests(ROOT / "tests" / test):
        assert not measuring.on
    assert measuring.on


def test_measuring_goes_on_after_a_test_that_failed(measuring: Measuring) -> None:
    with pytest.raises(ZeroDivisionError), measured_by_own_tests(ROOT / "tests/cli/test_get.py"):
        raise ZeroDivisionError
    assert measuring.on


def test_a_run_that_measures_nothing_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Coverage, "current", lambda: None)
    with measured_by_own_tests(ROOT / "tests/cli/test_get.py"):
        assert Coverage.current() is None
