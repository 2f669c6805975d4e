"""`kill -9` between any two steps of a command: the same command again brings it to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.chain.platform import Platform

MOST = 30
"""More steps than any command takes."""


def killed(platform: Platform, step: int, *words: str) -> bool:
    """Run a command that is killed before a step; return whether it came so far."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chain.killed", str(step), *words],
        cwd=platform.program,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    return done.returncode == -signal.SIGKILL


def _promoted(platform: Platform, commit: str) -> None:
    assert platform.base("dev") == commit
    log = platform.git("control-plane", "log", "--format=%s", "dev")
    assert log.splitlines().count(f"Promote main {commit[:7]} to dev") == 1


def _held_and_proposed(platform: Platform, commit: str) -> None:
    assert len(platform.review("control-plane").waiting()) == 1
    listed = platform.types("promotion", "list").out
    assert listed.count("dev is held by ") == 1
    assert platform.base("dev") != commit


def _passed(platform: Platform, commit: str) -> None:
    shown = platform.types("promotion", "show", "--commit", commit).out
    assert shown.count(": pass at ") == 1
    assert platform.types("promote", "-e", "stage", "--commit", commit).code == 0


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (("promote", "-e", "dev", "--commit"), _promoted),
        (("rollback", "-e", "dev", "--to"), _held_and_proposed),
        (("check-promote", "-e", "dev", "--commit"), _passed),
    ],
    ids=["promote", "rollback", "check-promote"],
)
def test_a_command_that_was_killed_is_finished_by_the_next(
    platform: Platform, words: tuple[str, ...], ends: Callable[[Platform, str], None]
) -> None:
    commit = platform.change_main("one\n")
    if words[0] == "rollback":
        platform.promote("dev", commit)
        platform.promote("dev", platform.change_main("two\n"))
    if words[0] == "check-promote":
        platform.promote("dev", commit)
        platform.report("dev")
    steps = 0
    while steps < MOST and killed(platform, steps, *words, commit):
        steps += 1
    assert 0 < steps < MOST
    if words[0] == "check-promote":
        platform.forget_worker("dev", commit)
    result = platform.types(*words, commit)
    assert result.code == 0, result
    ends(platform, commit)
