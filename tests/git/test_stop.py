"""A git that is ended, in the middle of whatever it does, leaves the repository writable."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.git import end, environment, started, stop_all
from kalypso.git.refs import all_refs
from kalypso.git.write import NO_COMMIT, RefUpdate, update_refs
from tests.git.conftest import Repository

PATIENCE = 60.0


@pytest.fixture
def writer(repository: Repository) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a git that holds the lock of a branch and waits for more."""
    commit = repository.commit("main", {"a": b"1"})
    moves = f"start\nupdate refs/heads/dev {commit} {NO_COMMIT}\nprepare\n"
    variables = {**environment(), "GIT_DIR": str(repository.folder)}
    reading, writing = os.pipe()
    with (
        open(reading, "rb") as stdin,  # noqa: PTH123 - as a program opens it - a descriptor has no path
        open(writing, "wb") as pipe,  # noqa: PTH123 - as a program opens it
        started("update-ref", "--stdin", stdin=stdin, variables=variables) as process,
    ):
        pipe.write(moves.encode())
        pipe.flush()
        over = time.monotonic() + PATIENCE
        while not lock_of(repository).exists():
            assert time.monotonic() < over
            time.sleep(0.001)
        yield process


def lock_of(repository: Repository) -> Path:
    return repository.folder / "refs/heads/dev.lock"


def test_a_git_that_is_stopped_while_it_writes_leaves_no_lock(
    repository: Repository, writer: subprocess.Popen[bytes]
) -> None:
    stop_all()
    assert writer.returncode == -signal.SIGTERM
    assert not lock_of(repository).exists()
    commit = all_refs(repository.folder)["refs/heads/main"]
    update_refs(repository.folder, [RefUpdate("refs/heads/dev", NO_COMMIT, commit)])


def test_a_program_that_ignores_being_asked_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kalypso.git.run._GRACE_SECONDS", 0.1)
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{script}; import time; time.sleep({PATIENCE})"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        assert process.stdout
        process.stdout.readline()
        end(process)
    assert process.returncode == -signal.SIGKILL
