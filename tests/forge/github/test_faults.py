"""Whatever a call answers, and wherever a run is killed: nothing half done, the next completes."""

import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Literal

import pytest

from kalypso.delivery.steps import deliver
from kalypso.errors import KalypsoError
from kalypso.forge.github import client as github_client
from kalypso.forge.github.repository import GitHubRepository
from kalypso.git import run as git_run
from kalypso.git.write import RefMoved
from tests.delivery.deliver_once import INTERRUPTED, Once, Running
from tests.delivery.invariants import check_end, check_invariants
from tests.delivery.platform import DRONE, LARGE, OTHER
from tests.forge.github.platform import REPOSITORY, GitHubGitOps, access_to
from tests.standins.github import faults
from tests.standins.github.faults import Call, Fault, Plan, at
from tests.standins.github.server import TOKEN, GitHubServer

WANTED = {**DRONE, ".github/tracking/Promoted_Commit_Id": "1" * 40}
PASSING = {
    "429": faults.TOO_MANY,
    "500": faults.BROKEN,
    "cut": faults.CUT,
    "cut after it was done": faults.CUT_AFTER,
    "half an answer": faults.HALF,
}
LASTING = {
    "401": faults.BAD_CREDENTIALS,
    "403": faults.FORBIDDEN,
    "404": faults.NOT_FOUND,
    "422": faults.INVALID,
}
TOLERATED = {("404", "GET", "/labels/promoted"), ("422", "POST", "/labels")}
"""Answers after which a run goes on: a label does not exist yet, or has just been made."""
STRIDE = 7
"""Of the calls that read, each fault meets every seventh, beginning with another one; of those
that write, every one."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubServer]:
    with GitHubServer(tmp_path / "github") as server:
        yield server


def repositories(
    server: GitHubServer, folder: Path, turn: int
) -> Iterator[tuple[Call, GitHubGitOps]]:
    """Give a new repository for each call of a first delivery that shall go wrong."""
    plain = GitHubGitOps(server, folder / "plain")
    server.clear()
    plain.run(WANTED)
    for call in tuple(server.calls):
        if call.writing or call.number % STRIDE == turn % STRIDE:
            server.remove(REPOSITORY)
            shutil.rmtree(plain.folder)
            fresh = GitHubGitOps(server, folder / f"call-{call.number}")
            server.clear()
            yield call, fresh


@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_is_ridden_out(server: GitHubServer, tmp_path: Path, kind: str) -> None:
    for call, gitops in repositories(server, tmp_path, len(kind)):
        server.plan = at(call.number, PASSING[kind])
        gitops.run(WANTED)
        check_end(gitops, gitops.start, WANTED)
        assert gitops.people.pull_request(1).labels == ("promoted",)


@pytest.mark.parametrize("kind", LASTING)
def test_a_refused_run_leaves_nothing_half_done(
    server: GitHubServer, tmp_path: Path, kind: str
) -> None:
    for call, gitops in repositories(server, tmp_path, int(kind)):
        server.plan = from_then_on(call, LASTING[kind])
        told = ""
        try:
            gitops.run(WANTED)
        except KalypsoError as error:
            told = str(error)
            assert REPOSITORY in told
        ending = call.path.partition(REPOSITORY)[2]
        assert bool(told) != ((kind, call.method, ending) in TOLERATED), str(call)
        check_invariants(gitops, gitops.start, WANTED, told=told)
        server.clear()
        gitops.run(WANTED)
        check_end(gitops, gitops.start, WANTED)
        assert gitops.people.pull_request(1).labels == ("promoted",)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("word", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_is_completed_by_the_next(
    server: GitHubServer,
    tmp_path: Path,
    moment: Literal["before", "after"],
    word: signal.Signals,
) -> None:
    for call, gitops in repositories(server, tmp_path, 0):
        gitops.run(OTHER)
        base = gitops.commit("dev", {"README.md": b"moved\n"})
        server.clear()
        cache = tmp_path / f"cache-{call.number}"
        once = Once(url=server.url, repository=REPOSITORY, token=TOKEN, cache=cache, files=WANTED)
        run, ended = once.start(), Event()

        def end(run: Running = run, ended: Event = ended) -> None:
            os.kill(run.pid, word)
            ended.wait()  # no answer before that: it ends although the server keeps it waiting

        server.plan = at(call.number, Fault(call=end, cut=True, moment=moment))
        try:
            done = run.end()
        finally:
            ended.set()
        told = done.out + done.err
        assert done.code in {-signal.SIGKILL, INTERRUPTED}
        assert "Traceback" not in told
        assert TOKEN not in told
        server.clear()
        # with what is left there
        gitops.use(GitHubRepository(gitops.place, access_to(server, cache)))
        gitops.run(WANTED)
        check_end(gitops, base, WANTED)
        assert gitops.states() == ["open"]


def test_two_runs_of_two_machines_with_one_content_open_one_pull_request(
    server: GitHubServer, tmp_path: Path
) -> None:
    gitops = GitHubGitOps(server, tmp_path)
    forges = [
        GitHubRepository(gitops.place, access_to(server, tmp_path / f"c{n}")) for n in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(deliver, forge, gitops.proposal(WANTED)) for forge in forges]:
            with suppress(RefMoved):
                done.result()
    check_end(gitops, gitops.start, WANTED)
    assert gitops.states() == ["open"]


def test_two_runs_of_two_machines_with_two_contents_lose_neither_nor_mix_them(
    server: GitHubServer, tmp_path: Path
) -> None:
    gitops = GitHubGitOps(server, tmp_path)
    contents = (DRONE, OTHER, LARGE)
    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(
                deliver,
                GitHubRepository(gitops.place, access_to(server, tmp_path / f"c{number}")),
                gitops.proposal(files),
            )
            for number, files in enumerate(contents)
        ]
        failed = sum(isinstance(done.exception(), RefMoved) for done in runs)
    assert failed < len(contents)
    check_invariants(gitops, gitops.start, *contents)
    assert gitops.states().count("open") == 1
    for files in contents:  # each that runs again gets its way
        gitops.run(files)
        check_end(gitops, gitops.start, files)


@pytest.mark.parametrize("path", ["/pulls", "/git-receive-pack", "/info/refs"])
def test_a_server_that_stalls_is_given_up_and_asked_again(
    server: GitHubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(github_client, "_SECONDS", 0.5)
    monkeypatch.setitem(git_run._OVERRIDES, "http.lowSpeedTime", "1")  # noqa: SLF001 - half a minute else
    gitops = GitHubGitOps(server, tmp_path)
    stalled: list[Call] = []

    def plan(call: Call) -> Fault | None:
        if not call.path.endswith(path) or stalled:
            return None
        stalled.append(call)
        return Fault(seconds=3, cut=True)

    server.plan = plan
    gitops.run(WANTED)
    assert stalled
    check_end(gitops, gitops.start, WANTED)


def from_then_on(first: Call, fault: Fault) -> Plan:
    """Answer badly at a call, and at each later one to the same place: asking again is no use."""
    where = (first.method, first.path)

    def plan(call: Call) -> Fault | None:
        here = call.number >= first.number and (call.method, call.path) == where
        return fault if here else None

    return plan
