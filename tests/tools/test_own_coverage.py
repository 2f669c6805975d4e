"""What counts for coverage: what a room's own tests reach, and nothing that others reach."""

import subprocess
import sys
from pathlib import Path

import pytest
from coverage import Coverage

from tests.support.own_coverage import OwnCoverage

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
    monkeypatch.setattr(Coverage, "current", lambda: made if made.on else None)
    return made


OWN = ("model/test_names.py", "platforms/test_cases.py")
OTHERS = ("cli/test_get.py", "engine/model/test_x.py")


@pytest.mark.parametrize("own", OWN)
def test_a_rooms_own_tests_are_measured_also_after_others(own: str, measuring: Measuring) -> None:
    coverage = OwnCoverage()
    coverage.before(ROOT / "tests" / own)
    assert measuring.on
    coverage.before(ROOT / "tests" / OTHERS[0])
    coverage.before(ROOT / "tests" / own)
    assert measuring.on


@pytest.mark.parametrize("other", OTHERS)
def test_other_tests_are_not_measured(other: str, measuring: Measuring) -> None:
    coverage = OwnCoverage()
    for test in (OWN[0], other, other):
        coverage.before(ROOT / "tests" / test)
    assert not measuring.on


def test_a_search_among_examples_is_not_measured(measuring: Measuring) -> None:
    coverage = OwnCoverage()
    coverage.before(ROOT / "tests" / OWN[0])
    coverage.before(ROOT / "tests" / OWN[0], search=True)
    assert not measuring.on


TWICE = """
import sys
from pathlib import Path
from coverage import Coverage
from tests.support.own_coverage import OwnCoverage

def traced():
    return sys.gettrace() is not None

first, second = (Coverage(data_file=None, source=["kalypso/model"]) for _ in range(2))
first.start()
second.start()
own = OwnCoverage()
for test in ("cli/test_get.py", "model/test_names.py", "cli/test_get.py"):
    own.before(Path("tests", test).absolute())
    print(traced())
"""


def test_of_two_that_measure_as_in_a_process_of_xdist_none_goes_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TWICE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True", "False"]


LOADED = """
import sys
from coverage import Coverage
from tests.support.own_coverage import OwnCoverage

coverage = Coverage(data_file=None, source=["kalypso/model", "kalypso/golang"])
coverage.start()
OwnCoverage().loaded()
data = coverage.get_data()
ran = (name for name in data.measured_files() if data.lines(name))
print(sys.gettrace() is None, *(name.split("/kalypso/")[1] for name in ran))
"""


def test_loading_the_rooms_is_measured_and_not_what_comes_before_the_first_test() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    stopped, *files = done.stdout.split()
    assert stopped == "True"
    rooms = (ROOT / "kalypso/model", ROOT / "kalypso/golang")
    there = [path for each in rooms for path in each.rglob("*.py") if path.read_text()]
    assert set(map(Path, files)) == {path.relative_to(ROOT / "kalypso") for path in there}


def test_a_run_that_measures_nothing_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Coverage, "current", lambda: None)
    OwnCoverage().loaded()
    OwnCoverage().before(ROOT / "tests/cli/test_get.py")
    assert Coverage.current() is None
