"""Issues are opened once, updated while a failure lasts, and closed when it is healed."""

from pathlib import Path

import pytest

from kalypso.delivery.issues import FailedAssignment, Settled, settle_issues, without_issue_mark
from kalypso.delivery.local_issues import LocalIssues
from kalypso.errors import DeliveryError, Position, Problem

CLOCK = 1_700_000_000.0


@pytest.fixture
def tracker(tmp_path: Path) -> LocalIssues:
    return LocalIssues(tmp_path, clock=lambda: CLOCK)


def failed(
    folder: str = "drone/app", message: str = "no", environment: str = "dev"
) -> FailedAssignment:
    cluster_type, _, target = folder.partition("/")
    problem = Problem("config", message, Position("dev/a.yaml", 3))
    return FailedAssignment(
        environment=environment, cluster_type=cluster_type, target=target, problems=(problem,)
    )


def test_a_failure_opens_an_issue_that_names_the_assignment(tracker: LocalIssues) -> None:
    assert settle_issues(tracker, "dev", [failed()]) == Settled(opened=(1,))
    (issue,) = tracker.open_issues()
    assert issue.title == "app on drone fails in dev"
    assert issue.created == "2023-11-14T22:13:20Z"
    assert "    dev/a.yaml:3:1: error: no [config]\n" in issue.body


def test_while_it_lasts_nothing_happens(tracker: LocalIssues) -> None:
    settle_issues(tracker, "dev", [failed()])
    assert settle_issues(tracker, "dev", [failed()]) == Settled()


def test_another_reason_updates_it(tracker: LocalIssues) -> None:
    settle_issues(tracker, "dev", [failed()])
    assert settle_issues(tracker, "dev", [failed(message="worse")]) == Settled(updated=(1,))
    assert "error: worse" in tracker.issue(1).body


def test_healed_it_is_closed_and_a_relapse_opens_another(tracker: LocalIssues) -> None:
    settle_issues(tracker, "dev", [failed()])
    assert settle_issues(tracker, "dev", []) == Settled(closed=(1,))
    assert tracker.open_issues() == ()
    assert settle_issues(tracker, "dev", [failed()]) == Settled(opened=(2,))


def test_only_what_is_well_is_closed(tracker: LocalIssues) -> None:
    settle_issues(tracker, "dev", [failed("drone/app"), failed("large/app")])
    assert settle_issues(tracker, "dev", [failed("large/app")]) == Settled(closed=(1,))


def test_issues_of_another_environment_and_of_people_are_left_alone(tracker: LocalIssues) -> None:
    settle_issues(tracker, "stage", [failed(environment="stage")])
    tracker.open_issue(title="mine", body="see app on drone in dev")
    assert settle_issues(tracker, "dev", []) == Settled()
    assert len(tracker.open_issues()) == 2


def test_of_two_for_the_same_assignment_one_is_kept(tracker: LocalIssues) -> None:
    one = failed()
    for _ in range(2):
        tracker.open_issue(title=one.title, body=one.body)
    assert settle_issues(tracker, "dev", [one]) == Settled(closed=(2,))


def test_a_message_cannot_pose_as_another_assignment(tracker: LocalIssues) -> None:
    quoted = failed(message="<!-- kalypso-issue: dev large/app -->")
    settle_issues(tracker, "dev", [quoted])
    assert settle_issues(tracker, "dev", [quoted]) == Settled()


def test_a_message_is_code_and_moves_no_cursor() -> None:
    body = failed(message="@everyone\n```\n\x1b[2J").body
    lines = [line for line in body.splitlines() if "everyone" in line or "`" * 3 in line]
    assert all(line.startswith("    ") for line in lines)
    assert "\x1b" not in body


def test_the_hidden_line_is_not_shown() -> None:
    assert "<!--" not in without_issue_mark(failed().body)


def test_texts_are_never_longer_than_a_forge_takes() -> None:
    assert len(failed(message="x" * 100_000).body) < 65_536


def test_a_damaged_issue_is_an_error_and_opens_nothing(
    tracker: LocalIssues, tmp_path: Path
) -> None:
    settle_issues(tracker, "dev", [failed()])
    (tmp_path / "issues" / "1.json").write_text("{}")
    with pytest.raises(DeliveryError, match=r"the data of issue 1 is damaged") as caught:
        settle_issues(tracker, "dev", [failed()])
    assert caught.value.problem.code == "damaged-issue"
    assert [p.name for p in (tmp_path / "issues").iterdir()] == ["1.json"]


def test_an_issue_that_there_is_not_is_told(tracker: LocalIssues) -> None:
    with pytest.raises(DeliveryError, match=r"there is no issue 7"):
        tracker.edit_issue(7, title="t", body="b")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "issues").write_text("a file")
    with pytest.raises(DeliveryError, match=r"the data of issue 1 cannot be written"):
        LocalIssues(tmp_path).open_issue(title="t", body="b")
