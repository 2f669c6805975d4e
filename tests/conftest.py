"""What all tests share: surroundings, golden files, and which of them run in one process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def pytest_configure() -> None:
    """Let commands that tests start be interrupted, also where tests run in the background.

    A shell starts background jobs with SIGINT ignored, and children inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, and keep together what shares something.

    With `--dist loadgroup`, tests of a group run in one process. A test that takes its time is
    a group of its own, unless it shares what its module prepares.
    """
    items.sort(key=lambda item: _folder(item) != "engine")
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            if _folder(item) not in _SLOW or _shares_with_its_module(item):
                item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


_SLOW = {"delivery", "engine", "forge"}


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).parts[0]


def _shares_with_its_module(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    fixtures = item._fixtureinfo.name2fixturedefs.values()  # noqa: SLF001 - there is no other way
    return any(each.scope == "module" for found in fixtures for each in found)


@pytest.fixture(scope="session", autouse=True)
def _surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the cache and the git settings of whoever runs the tests out of them.

    What tests write is thrown away, so git need not wait for the disk.
    """
    settings = tmp_path_factory.mktemp("git") / "config"
    settings.write_text("[core]\n\tfsync = none\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("GIT_CONFIG_GLOBAL", str(settings))
        yield
