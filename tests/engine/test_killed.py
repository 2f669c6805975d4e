"""Killing `pulumi up` at any moment and running it again ends in the right state."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.engine.bench import SECONDS, Bench, up_command

MOMENTS = {
    "before the first resource": "preludeEvent",
    "when the first repository is made": "LocalRepository::",
    "when the first content is written": "RepositoryContent::",
    "when the pull request is opened": "GitOpsBranch::dev",
}

FILES = {
    ".github/tracking/Promoted_Commit_Id",
    ".github/workflows/check-promote.yaml",
    ".github/workflows/verify.yaml",
    "README.md",
    "command-center/README.md",
    "drone/README.md",
    "large/README.md",
    "large/observability-prometheus/config.yaml",
    "large/observability-prometheus/namespace.yaml",
    "large/observability-prometheus/reconciler.yaml",
    "small/README.md",
}
"""What the branch of the pull request holds in the end, after any number of kills."""


def kill_at(bench: Bench, word: str) -> None:
    """Start `pulumi up` and kill it, and only it, when the engine tells of something."""
    log = bench.state / "events"
    log.unlink(missing_ok=True)
    bench.environment["PULUMI_DEBUG_COMMANDS"] = "true"
    process = bench.start(*up_command("dev"), "--event-log", str(log))
    end = time.monotonic() + SECONDS
    while word not in (log.read_text() if log.exists() else ""):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, "the moment never came"
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def open_notes(state: Path) -> list[object]:
    found = list(state.rglob("stacks/kalypso/dev.json"))
    latest = json.loads(found[0].read_text())["checkpoint"]["latest"] or {}
    notes: list[object] = latest.get("pending_operations") or []
    return notes


def providers() -> list[str]:
    """Return the command lines of our providers that run on this machine."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "components.provider.server" in line:
            found.append(line)
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_is_repeated_to_the_same_end(bench: Bench, moment: str) -> None:
    bench.init("dev")
    kill_at(bench, MOMENTS[moment])
    locked = bench.run(*up_command("dev"))
    assert locked.returncode != 0  # locked, or half a state file
    told = bench.good("kalypso", "recover")
    assert "removed the lock of process" in told
    assert open_notes(bench.state) == []
    again = bench.up("dev")
    assert "pending operations" not in again
    assert [(p["number"], p["state"]) for p in bench.pulls("--all")] == [(1, "open")]
    assert len(bench.git("rev-list", "dev..deployment/dev").split()) == 1
    assert set(bench.tree("deployment/dev")) == FILES
    for repository in bench.forge.glob("*.git"):
        bench.git("fsck", "--strict", repository=repository.stem.removeprefix("kalypso-"))
    assert set(bench.changes("dev")) == {"same"}


def test_a_provider_ends_with_its_killed_engine(bench: Bench) -> None:
    if not Path("/proc").is_dir():  # elsewhere the watch is the same code
        return
    bench.init("dev")
    kill_at(bench, "GitOpsBranch::dev")
    end = time.monotonic() + SECONDS
    while any(str(bench.project) in line for line in providers()) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(str(bench.project) in line for line in providers())


def test_a_second_run_at_the_same_time_is_told_and_harms_nothing(bench: Bench) -> None:
    bench.init("dev")
    first = bench.start(*up_command("dev"))
    locks = bench.state / ".pulumi" / "locks"
    end = time.monotonic() + SECONDS
    while not list(locks.rglob("*.json")) and time.monotonic() < end:
        time.sleep(0.01)
    second = bench.run(*up_command("dev"))
    left = bench.good("kalypso", "recover")
    out, _ = first.communicate()
    assert first.returncode == 0, out
    assert second.returncode != 0
    assert "currently locked" in second.stdout
    assert "which is running" in left
    assert [p["state"] for p in bench.pulls("--all")] == ["open"]
