"""The chain from dev to prod, with real repositories: what goes on, what stops, what comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Thread

from kalypso.cli.gate import gate_of
from tests.chain.forges import OnGitHub
from tests.chain.platform import Platform
from tests.standins.github.faults import FORBIDDEN


def shown(platform: Platform, commit: str) -> Sequence[tuple[str, str, str | None]]:
    """Return the statuses of a commit of main on GitHub, oldest first."""
    assert isinstance(platform.forge, OnGitHub)
    repository = platform.forge.server.find("acme/kalypso-control-plane")
    assert repository is not None
    found = repository.statuses.get(commit, [])
    return [(each.context, each.state, each.description) for each in found]


def test_a_change_goes_from_dev_to_prod(platform: Platform) -> None:
    commit = platform.change_main("one\n")
    result = platform.check("dev", commit)
    for environment in ("dev", "stage", "prod"):
        assert platform.promote(environment, commit).code == 0
        assert platform.check(environment, commit).code == 1
        platform.report(environment)
        result = platform.check(environment, commit)
        assert result.code == 0, result
        assert platform.base(environment) == commit
    assert result.out.endswith("  large: healthy\n")
    assert "next:" not in result.out
    listed = platform.types("promotion", "show", "--commit", commit).out
    assert re.findall(r"^(\w+): main \w{7} \(\w+ \w{7}\): (\w+) at", listed, re.MULTILINE) == [
        ("dev", "pass"),
        ("stage", "pass"),
        ("prod", "pass"),
    ]


def test_statuses_tell_the_story_and_nothing_twice(github: Platform) -> None:
    commit = github.change_main("one\n")
    github.promote("dev", commit)
    at = f"main {commit[:7]} (dev {github.head('gitops', 'dev')[:7]})"
    for _ in range(2):
        github.check("dev", commit)
    github.report("dev", "failed")
    github.check("dev", commit)
    github.report("dev")
    for _ in range(2):
        assert github.check("dev", commit).code == 0
    waits = f"Deploying: wait: {at} is healthy on 0 of 1 clusters; not healthy: large"
    assert shown(github, commit) == [
        ("dev environment", "pending", "Promoted"),
        ("dev environment", "pending", waits),
        ("dev environment", "success", "Deployed to dev"),
    ]


def test_a_cluster_that_fails_stops_the_chain(platform: Platform) -> None:
    commit, before = platform.change_main("one\n"), platform.base("stage")
    platform.promote("dev", commit)
    platform.report("dev", "failed")
    result = platform.check("dev", commit, "--watch", "--timeout", "0s")
    assert (result.code, "  large: failed\n" in result.out) == (1, True)
    refused = platform.promote("stage", commit)
    assert (refused.code, refused.out) == (1, f"stage: fail: dev has not promoted {commit[:7]}\n")
    assert platform.base("stage") == before
    if isinstance(platform.forge, OnGitHub):
        context, state, told = shown(platform, commit)[-1]
        assert (context, state) == ("dev environment", "failure")
        assert str(told).startswith("fail at the time limit: main ")


def test_an_approval_of_a_run_on_github_is_read_into_the_record(github: Platform) -> None:
    github.configure(
        "dev",
        environments=["dev", "stage", "prod"],
        clusters=[{"name": "large", "reporters": ["ann"]}],
        promotion={"dev": {"approvals": 1, "approvers": ["bob"]}},
    )
    commit = github.change_main("one\n")
    github.promote("dev", commit)
    github.report("dev")
    assert isinstance(github.forge, OnGitHub)
    repository = github.forge.server.find("acme/kalypso-control-plane")
    assert repository is not None
    repository.approvals[41] = [("approved", "stage", "bob"), ("approved", "dev", "eve")]
    assert github.check("dev", commit, "--approved-run", "41").code == 1
    repository.approvals[41].append(("approved", "dev", "bob"))
    assert github.check("dev", commit, "--approved-run", "41").code == 0
    newer = github.change_main("two\n")
    github.promote("dev", newer)
    github.report("dev")
    voided = github.check("dev", newer)
    assert voided.code == 1
    assert f"0 of 1 approvals of main {newer[:7]} " in voided.out


def test_a_status_that_cannot_be_posted_is_a_warning(github: Platform) -> None:
    commit = github.change_main("one\n")
    github.promote("dev", commit)
    github.report("dev")
    assert isinstance(github.forge, OnGitHub)
    server = github.forge.server
    server.plan = lambda call: FORBIDDEN if "/statuses" in call.path else None
    result = github.check("dev", commit)
    assert result.code == 0
    assert "warning: the status is not posted: " in result.err


def test_nothing_goes_on_at_the_time_limit(platform: Platform) -> None:
    commit = platform.change_main("one\n")
    platform.promote("dev", commit)
    result = platform.check("dev", commit, "--watch", "--timeout", "0s")
    assert (result.code, "dev: fail at the time limit: " in result.out) == (1, True)
    platform.report("dev")
    assert platform.promote("stage", commit).code == 1
    assert platform.check("dev", commit).code == 0  # a gate that is asked again starts again
    assert platform.promote("stage", commit).code == 0


def test_a_newer_change_supersedes_one_that_waits(platform: Platform) -> None:
    older, newer = platform.change_main("one\n"), platform.change_main("two\n")
    platform.promote("dev", older)
    platform.check("dev", older)
    platform.promote("dev", newer)
    platform.report("dev")
    result = platform.check("dev", older)
    at = platform.head("gitops", "dev")[:7]
    assert result.code == 1
    assert f"superseded: dev {at} promotes a newer commit of main" in result.out
    assert platform.check("dev", newer).code == 0
    assert (
        platform.promote("stage", older).out == f"stage: fail: dev has not promoted {older[:7]}\n"
    )


def test_a_pull_request_that_was_closed_promotes_nothing(platform: Platform) -> None:
    commit, before = platform.change_main("one\n"), platform.head("gitops", "dev")
    assert platform.types("promote", "-e", "dev", "--commit", commit).code == 0
    pull = platform.up("dev")
    assert pull is not None
    platform.review().close(pull.number)
    platform.report("dev")
    result = platform.check("dev", commit)
    assert (result.code, result.out) == (1, f"dev: wait: main {commit[:7]} has not arrived\n")
    assert platform.head("gitops", "dev") == before
    assert platform.promote("stage", commit).code == 1


def test_a_commit_that_was_pushed_away_promotes_nothing(platform: Platform) -> None:
    commit, before = platform.change_main("one\n"), platform.head("gitops", "dev")
    platform.promote("dev", commit)
    platform.report("dev")
    platform.check("dev", commit, "--watch", "--timeout", "0s")
    platform.move("gitops", "dev", before)
    result = platform.check("dev", commit)
    assert (result.code, result.out) == (1, f"dev: wait: main {commit[:7]} has not arrived\n")


def test_two_gates_at_once_say_the_same_and_decide_once(platform: Platform) -> None:
    commit = platform.change_main("one\n")
    platform.promote("dev", commit)
    platform.report("dev")
    gates = [gate_of(platform.program, "dev") for _ in range(2)]
    found = []

    def look(worker: int) -> None:
        gate = gates[worker]
        promoted = gate.carrying(commit)
        assert promoted is not None
        found.append(gate.look(promoted, worker=f"w{worker}", limit=None))

    threads = [Thread(target=look, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {verdict.outcome.value for verdict in found} <= {"pass", "wait"}
    record = gates[0].ledger.read("dev")
    assert [each.decision.outcome.value for each in record.gates if each.decision] == ["pass"]
    assert platform.check("dev", commit).code == 0
