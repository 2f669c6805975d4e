"""Which tests run in one process when pytest-xdist runs them side by side.

Not `--dist loadgroup`: with pytest 9.2, xdist 3.8 loses the groups without a word.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[2]
SLOW = {"delivery", "engine", "forge"}
"""Folders in which a test takes long enough to be given away by itself."""


def workers() -> int:
    """Return how many processes run tests: one more than there are cores.

    A fifth of its time a test waits for the engine, for a disk, or for a process to end.
    """
    return (os.cpu_count() or 1) + 1


class TogetherByFile(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Keeps the tests of a file together, unless each of them takes its time."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        """Give tests out in the order of the run, not those files first that have most of them."""
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """Return the name of the tests that a test stays with; its own if it stays with none."""
    file = nodeid.partition("::")[0]
    return nodeid if _is_slow(file) and not _shares(file) else file


def _is_slow(file: str) -> bool:
    return not SLOW.isdisjoint(Path(file).parts[:2])


@cache
def _shares(file: str) -> bool:
    """Return whether the tests of a file share what a fixture of it makes once."""
    return 'fixture(scope="module")' in (ROOT / file).read_text()
