"""What all tests share: surroundings, golden files, and which of them run in one process."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings
from xdist.remote import Producer

from kalypso import harmless_text
from kalypso.garbage import collect_seldom
from tests.standins.github.described import described
from tests.support.in_memory import keep_in_memory
from tests.support.own_coverage import OwnCoverage
from tests.support.prepared import share_prepared
from tests.support.side_by_side import TogetherByFile, workers

LONGEST = ("docs/test_tutorial.py", "engine/", "workflows/", "chain/", "forge/")
"""What takes longest, beginning with the test that takes longer than any other."""

__all__ = ["described"]
_coverage = OwnCoverage()


def pytest_configure(config: pytest.Config) -> None:
    """Let processes that tests start be interrupted, and keep their bytecode.

    A shell starts background jobs with SIGINT ignored, and children inherit that. Where the
    environment forbids bytecode, each of hundreds of processes would compile the program again.
    """
    if not hasattr(config, "workerinput"):
        keep_in_memory()
        config.add_cleanup(share_prepared())
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ.setdefault("GOGC", "400")  # an engine of a second need not look for garbage so often
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it asks each package for some
    settings.register_profile("any machine", deadline=None)  # no test measures time
    settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="Write golden files from what the code does now. Read the difference afterwards.",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among ten thousand tests, now or later: all of them stay to the end."""
    gc.disable()
    _coverage.loaded()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        collect_seldom()  # as in a command


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process waits for another in the end."""
    items.sort(key=lambda item: _turn(item.nodeid.removeprefix("tests/")))


def _turn(test: str) -> int:
    found = (turn for turn, start in enumerate(LONGEST) if test.startswith(start))
    return next(found, len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherByFile:
    return TogetherByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    _coverage.before(item.path, search=item.get_closest_marker("hypothesis") is not None)


@pytest.fixture(scope="session", autouse=True)
def _surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the cache and the git settings of whoever runs the tests out of them.

    What a CI system says of itself is kept out too: some output is different in its logs.
    What tests write is thrown away, so git need not wait for the disk.
    """
    settings = tmp_path_factory.mktemp("git") / "config"
    settings.write_text("[core]\n\tfsync = none\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("GIT_CONFIG_GLOBAL", str(settings))
        for variable in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD"):
            patch.delenv(variable, raising=False)
        yield


@pytest.fixture(autouse=True)
def _own_secrets() -> Iterator[None]:
    """Forget the secrets that a test was given: in the next one they are words like any other."""
    known = set(harmless_text._secrets)  # noqa: SLF001 - nothing else may make it smaller
    yield
    harmless_text._secrets.intersection_update(known)  # noqa: SLF001 - as above
