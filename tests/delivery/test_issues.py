"""Issues are opened once, updated while a failure lasts, and closed when it is healed."""

import pytest
from msgspec.structs import replace

from kalypso.delivery.issues import (
    Settled,
    is_ours,
    settle_issues,
    without_issue_mark,
)
from kalypso.errors import DeliveryError
from kalypso.forge.interface import Issues
from tests.delivery.issue_platform import failed


def test_a_failure_opens_an_issue_that_names_the_assignment(tracker: Issues) -> None:
    assert settle_issues(tracker, "dev", [failed()]) == Settled(opened=(1,))
    (issue,) = tracker.open_issues()
    assert issue.title == "app on drone fails in dev"
    assert issue.created in {"2023-11-14T22:13:20Z", "2026-01-01T00:00:00Z"}
    assert "    dev/a.yaml:3:1: error: no [config]\n" in issue.body
    assert is_ours(issue)


def test_while_it_lasts_nothing_happens(tracker: Issues) -> None:
    settle_issues(tracker, "dev", [failed()])
    assert settle_issues(tracker, "dev", [failed()]) == Settled()


def test_another_reason_updates_it(tracker: Issues) -> None:
    settle_issues(tracker, "dev", [failed()])
    assert settle_issues(tracker, "dev", [failed(message="worse")]) == Settled(updated=(1,))
    assert "error: worse" in tracker.issue(1).body


def test_healed_it_is_closed_and_a_relapse_opens_another(tracker: Issues) -> None:
    settle_issues(tracker, "dev", [failed()])
    assert settle_issues(tracker, "dev", []) == Settled(closed=(1,))
    assert tracker.open_issues() == ()
    assert settle_issues(tracker, "dev", [failed()]) == Settled(opened=(2,))
    assert [(i.number, i.state) for i in tracker.all_issues()] == [(1, "closed"), (2, "open")]


def test_only_what_is_well_is_closed(tracker: Issues) -> None:
    settle_issues(tracker, "dev", [failed("drone/app"), failed("large/app")])
    assert settle_issues(tracker, "dev", [failed("large/app")]) == Settled(closed=(1,))


def test_one_that_a_person_closed_is_opened_anew_while_it_fails(tracker: Issues) -> None:
    settle_issues(tracker, "dev", [failed()])
    tracker.close_issue(1)
    assert settle_issues(tracker, "dev", [failed()]) == Settled(opened=(2,))


def test_issues_of_another_environment_and_of_people_are_left_alone(
    tracker: Issues,
) -> None:
    settle_issues(tracker, "stage", [failed(environment="stage")])
    quoting = [f"> {failed().body}", f"{failed().body}".replace("The", "    The", 1), "app"]
    theirs = [tracker.open_issue(title="mine", body=body) for body in quoting]
    assert settle_issues(tracker, "dev", []) == Settled()
    assert len(tracker.open_issues()) == 4
    assert not any(map(is_ours, theirs))


def test_one_to_which_a_person_added_a_note_is_still_ours(tracker: Issues) -> None:
    tracker.open_issue(title=failed().title, body=f"{failed().body}\nAda looks into it.")
    assert settle_issues(tracker, "dev", []) == Settled(closed=(1,))


def test_of_two_for_the_same_assignment_one_is_kept(tracker: Issues) -> None:
    one = failed()
    for _ in range(2):
        tracker.open_issue(title=one.title, body=one.body)
    assert settle_issues(tracker, "dev", [one]) == Settled(closed=(2,))


def test_a_message_cannot_pose_as_another_assignment(tracker: Issues) -> None:
    quoted = failed(message="<!-- kalypso-issue: dev large/app -->")
    settle_issues(tracker, "dev", [quoted])
    assert settle_issues(tracker, "dev", [quoted]) == Settled()


@pytest.mark.parametrize("message", ["x" * 100_000, "x\n" * 50_000, "\N{SNOWMAN}" * 70_000])
def test_texts_are_never_longer_than_a_forge_takes(tracker: Issues, message: str) -> None:
    long = failed(f"{'d' * 253}/{'a' * 253}", message)
    assert len(long.body) < 65_536
    assert len(long.title) <= 256
    assert settle_issues(tracker, "dev", [long]) == Settled(opened=(1,))
    assert settle_issues(tracker, "dev", [long]) == Settled()


def test_an_issue_that_there_is_not_is_told(tracker: Issues) -> None:
    with pytest.raises(DeliveryError, match=r"there is no issue 7") as caught:
        tracker.issue(7)
    assert caught.value.problem.code == "no-issue"


def test_a_message_is_code_and_moves_no_cursor() -> None:
    body = failed(message="@everyone\n```\n\x1b[2J").body
    lines = [line for line in body.splitlines() if "everyone" in line or "`" * 3 in line]
    assert all(line.startswith("    ") for line in lines)
    assert "\x1b" not in body


def test_the_hidden_line_is_not_shown() -> None:
    assert "<!--" not in without_issue_mark(failed().body)


def test_assignments_that_fail_for_one_reason_share_an_issue(tracker: Issues) -> None:
    shared = replace(failed(), others=("drone/web", "large/app"))
    assert settle_issues(tracker, "dev", [shared]) == Settled(opened=(1,))
    (issue,) = tracker.open_issues()
    assert issue.title == "app on drone and 2 more fail in dev"
    assert "The same is wrong with `drone/web`, `large/app`.\n\n" in issue.body


def test_an_issue_goes_on_when_others_fail_for_its_reason(tracker: Issues) -> None:
    settle_issues(tracker, "dev", [failed("large/app")])
    shared = replace(failed(), others=("large/app",))
    assert settle_issues(tracker, "dev", [shared]) == Settled(updated=(1,))
    assert tracker.issue(1).title == "app on drone and 1 more fail in dev"


def test_issues_that_become_one_leave_one_open(tracker: Issues) -> None:
    settle_issues(tracker, "dev", [failed("drone/app"), failed("large/app")])
    shared = replace(failed(), others=("large/app",))
    assert settle_issues(tracker, "dev", [shared]) == Settled(updated=(1,), closed=(2,))


def test_a_long_list_of_assignments_is_shortened_and_says_so() -> None:
    shared = replace(failed(), others=tuple(f"large/t{number:02}" for number in range(95)))
    assert "`large/t19` and 75 more." in shared.body
    assert "large/t20" not in shared.body
