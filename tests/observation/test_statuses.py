"""Clusters that write commit statuses, read through a forge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kalypso.errors import Position, SourceError
from kalypso.forge import CommitStatus
from kalypso.observation import StatusReader
from kalypso.promotion import Clock, Record, Verdict, judge
from tests.promotion.fleet import COMMITS, World, ancestry_of, expected_of, fleet, seconds


class Shown:
    """A forge that shows what a world says, or cannot be read."""

    def __init__(self, world: World, problem: str = "") -> None:
        self._world, self._problem = world, problem
        self.asked: list[str] = []

    def statuses(self, commit: str) -> Sequence[Mapping[str, object]]:
        self.asked.append(commit)
        if self._problem:
            raise SourceError(self._problem, Position("acme/gitops"), code="unreachable")
        found: Sequence[Mapping[str, object]] = self._world["statuses"].get(commit, ())
        return found

    def post(self, commit: str, status: CommitStatus) -> None:
        raise AssertionError(commit, status)

    def approvers(self, run: str, environment: str) -> tuple[str, ...]:
        raise AssertionError(run, environment)


def verdict(world: World, forge: Shown, *commits: str) -> Verdict:
    expected, now = expected_of(world["expected"]), seconds(world["now"])
    reader = StatusReader(forge, lambda _: commits, lambda: now)
    evidence = reader.read(expected)
    return judge(expected, evidence, ancestry_of(world), Record(environment="dev"), Clock(now))


def test_successes_that_clusters_wrote_pass() -> None:
    world = fleet("statuses")
    forge = Shown(world)
    assert verdict(world, forge, COMMITS["X"]).outcome.value == "pass"
    assert forge.asked == [COMMITS["X"]]


def test_a_commit_that_no_cluster_has_reached_waits() -> None:
    world = fleet("statuses")
    world["statuses"] = {}
    assert verdict(world, Shown(world), COMMITS["X"]).outcome.value == "wait"


def test_a_forge_that_cannot_be_read_says_nothing_of_a_cluster() -> None:
    world = fleet("statuses")
    found = verdict(world, Shown(world, "GitHub cannot be reached"), COMMITS["X"])
    assert found.outcome.value == "outside"
    assert "unreachable: GitHub cannot be reached" in found.text
