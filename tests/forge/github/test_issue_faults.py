"""Whatever a call about issues answers: no second one, people's left alone, the next completes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.delivery.issues import Settled
from kalypso.errors import KalypsoError
from tests.delivery.issue_platform import CONTROL_PLANE, ControlPlane, failed
from tests.forge.github.platform import access_to
from tests.standins.github import faults
from tests.standins.github.faults import Call, Fault, at
from tests.standins.github.repository import Issue, Label
from tests.standins.github.server import TOKEN, GitHubServer

PASSING = {
    "403 secondary limit": faults.SECONDARY_LIMIT,
    "429": faults.TOO_MANY,
    "500": faults.BROKEN,
    "503": faults.UNAVAILABLE,
    "cut before": faults.CUT,
    "cut after": faults.CUT_AFTER,
    "half an answer": faults.HALF,
    "done, and 502": faults.LOST,
}
LASTING = {
    "401": faults.BAD_CREDENTIALS,
    "403": faults.FORBIDDEN,
    "404": faults.NOT_FOUND,
    "409": faults.CONFLICT,
    "422": faults.INVALID,
}
BEFORE = (failed("drone/app"), failed("large/app"))
AFTER = (failed("drone/app", "worse"), failed("small/app"))
"""One gets another reason, one is healed, and one is new."""
DONE = Settled(opened=(6,), updated=(4,), closed=(5,))

People = tuple[list[Issue], list[Label]]


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


def prepared(server: GitHubServer, folder: Path, name: str) -> ControlPlane:
    """Return a repository with issues of people and two of ours, and no label of ours."""
    control_plane = ControlPlane(server, folder, name)
    control_plane.let_people_work()
    control_plane.run(*BEFORE)
    del control_plane.repository.labels["kalypso"]
    for issue in control_plane.repository.issues.values():
        issue.labels = [label for label in issue.labels if label != "kalypso"]
    server.clear()
    return control_plane


def each_call(server: GitHubServer, folder: Path) -> Iterator[tuple[Call, ControlPlane, People]]:
    """Give a new repository for each call of a run that shall go wrong, and what people have."""
    plain = prepared(server, folder, f"{CONTROL_PLANE}-plain")
    assert plain.run(*AFTER) == DONE
    made = tuple(server.calls)
    assert [call.method for call in made] == ["GET", "PATCH", "GET", "POST", "POST", "PATCH"]
    for call in made:
        fresh = prepared(server, folder, f"{CONTROL_PLANE}-{call.number}")
        yield call, fresh, fresh.of_people()


def check(control_plane: ControlPlane, people: People) -> None:
    """Check what holds after a run that nothing disturbed."""
    assert control_plane.of_people() == people
    found = control_plane.ours("open")
    assert {folder: len(numbers) for folder, numbers in found.items()} == {
        "drone/app": 1,
        "small/app": 1,
    }
    assert "error: worse" in control_plane.repository.issue(found["drone/app"][0]).body
    assert control_plane.run(*AFTER) == Settled()


@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_is_ridden_out_without_a_second_issue(
    server: GitHubServer, tmp_path: Path, kind: str
) -> None:
    for call, control_plane, people in each_call(server, tmp_path):
        server.plan = at(call.number, PASSING[kind])
        assert control_plane.run(*AFTER) == DONE
        server.clear()
        check(control_plane, people)
        assert len(control_plane.repository.issues) == 6


@pytest.mark.parametrize("kind", LASTING)
def test_after_a_refusal_the_next_run_completes(
    server: GitHubServer, tmp_path: Path, kind: str
) -> None:
    told: list[str] = []
    for call, control_plane, people in each_call(server, tmp_path):
        server.plan = at(call.number, LASTING[kind])
        try:
            control_plane.run(*AFTER)
        except KalypsoError as error:
            told.append(str(error))
        assert control_plane.of_people() == people
        server.clear()
        control_plane.run(*AFTER)
        check(control_plane, people)
        assert len(control_plane.repository.issues) == 6
    assert len(told) >= 4
    assert all(CONTROL_PLANE in each and TOKEN not in each for each in told)


@pytest.mark.parametrize("fault", [faults.CUT_AFTER, faults.LOST, faults.HALF])
def test_answers_that_are_lost_for_good_leave_one_issue_after_the_next_run(
    server: GitHubServer, tmp_path: Path, fault: Fault
) -> None:
    for call, control_plane, people in each_call(server, tmp_path):
        server.plan = at(call.number, fault, times=99)
        with pytest.raises(KalypsoError):
            control_plane.run(*AFTER)
        server.clear()
        control_plane.run(*AFTER)
        check(control_plane, people)


@pytest.mark.parametrize("fault", [faults.CUT, faults.CUT_AFTER], ids=["before", "after"])
def test_a_run_that_is_killed_is_completed_by_the_next(
    server: GitHubServer, tmp_path: Path, fault: Fault
) -> None:
    def die(_: float) -> None:
        raise Killed

    for call, control_plane, people in each_call(server, tmp_path):
        server.plan = at(call.number, fault)
        dying = access_to(server, tmp_path / "dying", sleep=die)
        with pytest.raises(Killed):
            control_plane.run(*AFTER, access=dying)
        server.clear()
        control_plane.run(*AFTER)
        check(control_plane, people)
        assert len(control_plane.repository.issues) == 6
