"""`pulumi up` that a person interrupts while GitHub keeps it waiting: the next run completes it."""

import os
import signal
from collections.abc import Iterator
from threading import Event
from typing import Literal

import pytest

from kalypso.git.history import read_commit
from tests.engine.bench import SECONDS, Bench, up_command
from tests.engine.test_github import GitHubBench
from tests.standins.github.faults import Fault, on
from tests.standins.github.server import TOKEN, GitHubServer


@pytest.fixture
def github(bench: Bench) -> Iterator[GitHubBench]:
    with GitHubServer(bench.project.parent / "github") as server:
        yield GitHubBench(bench, server)


@pytest.mark.parametrize(
    ("path", "moment"),
    [
        ("/kalypso-gitops.git/git-receive-pack", "before"),
        ("/kalypso-gitops/pulls", "after"),
    ],
)
def test_an_interrupted_run_is_completed_by_the_next(
    github: GitHubBench, path: str, moment: Literal["before", "after"]
) -> None:
    server, bench = github.sample.server, github.bench
    base = github.sample.gitops.branches()["dev"]
    process = bench.start(*up_command("dev"))
    ended = Event()

    def interrupt() -> None:
        os.killpg(process.pid, signal.SIGINT)
        ended.wait(3)  # GitHub keeps it waiting

    server.plan = on("POST", path, Fault(call=interrupt, cut=True, moment=moment))
    try:
        said = process.communicate(timeout=SECONDS)[0]
    finally:
        process.kill()
        ended.set()
    assert process.returncode != 0
    assert "Traceback" not in said
    assert TOKEN not in said
    assert github.sample.gitops.branches()["dev"] == base
    assert len(github.states()) <= 1

    server.clear()
    bench.run("kalypso", "recover")
    github.up()
    assert github.states() == ["open"]
    head = github.sample.gitops.branches()["deployment/dev"]
    assert read_commit(github.sample.gitops.folder, head).parents == (base,)
    server.clear()
    github.up()
    assert server.writes() == []
