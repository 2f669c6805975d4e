"""Issues on GitHub: few calls, only what is ours, and messages that name the repository."""

from pathlib import Path

import pytest

from kalypso.delivery.issues import Settled
from kalypso.errors import DeliveryError, KalypsoError
from kalypso.forge.github.issues import GitHubIssues
from tests.delivery.issue_platform import CONTROL_PLANE, ControlPlane, failed
from tests.forge.github.platform import access_to
from tests.standins.github import faults
from tests.standins.github.faults import Fault, on
from tests.standins.github.repository import Wish
from tests.standins.github.server import GitHubServer

API = f"/api/v3/repos/{CONTROL_PLANE}"


@pytest.fixture
def control_plane(server: GitHubServer, tmp_path: Path) -> ControlPlane:
    return ControlPlane(server, tmp_path)


def calls(control_plane: ControlPlane) -> list[str]:
    """Return the calls since the last look, and forget them."""
    made = [str(call).replace(API, "") for call in control_plane.server.calls]
    control_plane.server.clear()
    return made


def test_issues_of_ours_have_a_label_that_is_made_once(control_plane: ControlPlane) -> None:
    assert control_plane.run(failed(), failed("large/app")) == Settled(opened=(1, 2))
    assert calls(control_plane) == [
        "GET /issues", "GET /labels/kalypso", "POST /labels", "POST /issues", "POST /issues",
    ]  # fmt: skip
    assert control_plane.repository.labels["kalypso"].color == "b60205"
    assert control_plane.repository.issue(1).labels == ["kalypso"]
    control_plane.run(failed(), failed("large/app"), failed("small/app"))
    assert calls(control_plane) == ["GET /issues", "GET /labels/kalypso", "POST /issues"]


def test_nothing_is_written_while_nothing_changes(control_plane: ControlPlane) -> None:
    control_plane.run(failed())
    calls(control_plane)
    control_plane.run(failed())
    assert calls(control_plane) == ["GET /issues"]


def test_an_issue_is_closed_as_completed(control_plane: ControlPlane) -> None:
    control_plane.run(failed())
    control_plane.run()
    issue = control_plane.repository.issue(1)
    assert (issue.state, issue.state_reason) == ("closed", "completed")


def test_a_label_that_a_person_removed_leads_to_no_second_issue(
    control_plane: ControlPlane,
) -> None:
    control_plane.run(failed())
    control_plane.repository.issue(1).labels.clear()
    assert control_plane.run(failed(message="worse")) == Settled(updated=(1,))
    assert control_plane.repository.issue(1).labels == []


def test_a_label_that_a_person_gave_stays(control_plane: ControlPlane) -> None:
    control_plane.run(failed())
    control_plane.repository.add_labels(1, ["bug"])
    control_plane.run(failed(message="worse"))
    assert control_plane.repository.issue(1).labels == ["kalypso", "bug"]


def test_a_pull_request_is_no_issue_whatever_it_says(control_plane: ControlPlane) -> None:
    control_plane.let_people_work()
    before = control_plane.of_people()
    assert control_plane.run(failed("large/app")) == Settled(opened=(4,))
    assert control_plane.run() == Settled(closed=(4,))
    assert control_plane.of_people() == before
    with pytest.raises(DeliveryError, match="there is no issue 2"):
        control_plane.tracker().issue(2)


def test_ours_are_found_behind_hundreds_of_others(control_plane: ControlPlane) -> None:
    for number in range(250):
        control_plane.repository.open_issue(f"Question {number}", "Why?", [], "ada")
    assert control_plane.run(failed()) == Settled(opened=(251,))
    assert control_plane.run(failed()) == Settled()
    calls(control_plane)
    assert control_plane.run() == Settled(closed=(251,))
    assert calls(control_plane) == [*["GET /issues"] * 3, "PATCH /issues/251"]


def test_a_list_that_ends_with_a_full_page_is_read_to_its_end(control_plane: ControlPlane) -> None:
    for number in range(99):
        control_plane.repository.open_issue(f"Question {number}", "Why?", [], "ada")
    assert control_plane.run(failed()) == Settled(opened=(100,))
    assert control_plane.run(failed()) == Settled()


def test_closed_ones_of_people_are_not_listed(control_plane: ControlPlane) -> None:
    for number in range(3):
        control_plane.repository.open_issue(
            f"Question {number}", "Why?", [], "ada"
        ).state = "closed"
    control_plane.run(failed())
    control_plane.run()
    assert [issue.number for issue in control_plane.tracker().all_issues()] == [4]


def test_texts_that_githubs_editor_touched_are_no_difference(control_plane: ControlPlane) -> None:
    control_plane.run(failed())
    issue = control_plane.repository.issue(1)
    issue.body = issue.body.replace("\n", "\r\n")
    assert control_plane.run(failed()) == Settled()


@pytest.mark.parametrize("fault", [faults.LOST, faults.CUT_AFTER, faults.HALF])
def test_an_answer_that_was_lost_makes_no_second_issue(
    control_plane: ControlPlane, fault: Fault
) -> None:
    control_plane.server.plan = on("POST", "/issues", fault, times=3)
    assert control_plane.run(failed()) == Settled(opened=(1,))
    assert list(control_plane.repository.issues) == [1]


def test_one_that_was_not_made_is_made_by_the_next_attempt(control_plane: ControlPlane) -> None:
    control_plane.server.plan = on("POST", "/issues", faults.BROKEN, times=3)
    assert control_plane.run(failed()) == Settled(opened=(1,))


def test_two_runs_of_two_machines_at_once_leave_one_after_the_next(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    other = access_to(control_plane.server, tmp_path / "other")
    done: list[Settled] = []

    def run_there() -> None:  # after this machine has looked, and before it opens one
        control_plane.server.plan = lambda _: None
        done.append(control_plane.run(failed(), access=other))

    control_plane.server.plan = on("GET", "/issues", Fault(call=run_there, status=500))
    control_plane.run(failed())
    control_plane.run(failed(), access=other)
    assert done == [Settled(opened=(1,))]
    assert control_plane.ours("open") == {"drone/app": [1]}


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (faults.BAD_CREDENTIALS, "denied", "GitHub answered 401 for acme/kalypso-control-plane"),
        (faults.FORBIDDEN, "denied", "GitHub answered 403 .*not accessible by personal"),
        (faults.NOT_FOUND, "no-repository", "GitHub answered 404 for acme/kalypso-control-plane"),
        (faults.CONFLICT, "github-refused", "GitHub answered 409 for acme/kalypso-control-plane"),
        (faults.INVALID, "github-refused", "GitHub answered 422 for acme/kalypso-control-plane"),
        (faults.TOO_MANY, "unreachable", "GitHub answered 429 for acme/kalypso-control-plane"),
        (faults.BROKEN, "unreachable", "GitHub answered 500 for acme/kalypso-control-plane"),
        (faults.CUT, "unreachable", "GitHub cannot be reached for acme/kalypso-control-plane"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_names_repository_and_reason(
    control_plane: ControlPlane, method: str, fault: Fault, code: str, told: str
) -> None:
    control_plane.server.plan = on(method, "/issues", fault, times=99)
    with pytest.raises(KalypsoError, match=told) as caught:
        control_plane.run(failed())
    assert caught.value.problem.code == code


def test_an_answer_in_another_form_is_an_error(control_plane: ControlPlane) -> None:
    control_plane.server.plan = on("GET", "/issues", Fault(status=200, message="not a list"))
    with pytest.raises(DeliveryError, match="is not understood"):
        control_plane.run(failed())
    assert control_plane.ours("open") == {}


def test_a_repository_without_issues_says_so(control_plane: ControlPlane) -> None:
    control_plane.repository.has_issues = False
    with pytest.raises(KalypsoError, match="Issues are disabled for this repo"):
        control_plane.run(failed())


def test_a_pull_request_that_an_api_lists_without_a_text_is_left_alone(
    control_plane: ControlPlane,
) -> None:
    control_plane.let_people_work()
    control_plane.repository.keep(Wish(base="main", head="fix", title="Fix it, too"))
    assert control_plane.run() == Settled()


def test_without_a_token_nothing_is_asked(control_plane: ControlPlane, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="there is no token for http://127"):
        GitHubIssues(control_plane.place, access_to(control_plane.server, tmp_path, token=""))
    assert control_plane.server.calls == []
