"""GitHub as a forge: few calls, only what is ours, and messages that name the repository."""

import time
from email.utils import formatdate
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, KalypsoError, SourceError
from kalypso.forge.github.repository import GitHubRepository
from tests.delivery.platform import DRONE, LARGE, OTHER
from tests.forge.github.platform import REPOSITORY, GitHubGitOps, access_to
from tests.standins.github import faults
from tests.standins.github.faults import Fault, at, on
from tests.standins.github.repository import Wish

TRACKING = {".github/tracking/Promoted_Commit_Id": "1" * 40}
API = f"/api/v3/repos/{REPOSITORY}"
PUSH = f"POST /{REPOSITORY}.git/git-receive-pack"


def writes(github: GitHubGitOps, files: dict[str, str]) -> list[str]:
    """Deliver, and return the calls that wrote."""
    github.server.clear()
    github.run(files)
    return github.server.writes()


def test_a_change_is_one_push_and_one_pull_request(github: GitHubGitOps) -> None:
    assert writes(github, DRONE) == [PUSH, f"POST {API}/pulls"]


def test_a_change_of_a_thousand_files_takes_as_many_calls(github: GitHubGitOps) -> None:
    many = {f"drone/app-{n}/config.yaml": f"A: {n}\n" for n in range(1000)}
    assert writes(github, many) == [PUSH, f"POST {API}/pulls"]
    assert github.files("deployment/dev") == many


def test_a_newer_change_is_one_push_and_one_edit(github: GitHubGitOps) -> None:
    github.run(DRONE)
    assert writes(github, OTHER) == [PUSH, f"PATCH {API}/pulls/1"]


def test_nothing_is_written_when_nothing_differs(github: GitHubGitOps) -> None:
    github.run(DRONE)
    assert writes(github, DRONE) == []
    github.people.merge(1)
    assert writes(github, DRONE) == []


def test_nothing_is_written_when_a_person_closed_it(github: GitHubGitOps) -> None:
    github.run(DRONE)
    github.people.close(1)
    assert writes(github, DRONE) == []


def test_the_label_is_made_if_it_is_missing(github: GitHubGitOps) -> None:
    first = writes(github, {**DRONE, **TRACKING})
    assert first == [
        PUSH, f"POST {API}/pulls", f"POST {API}/labels", f"POST {API}/issues/1/labels",
    ]  # fmt: skip
    assert github.people.pull_request(1).labels == ("promoted",)
    assert github.repository.labels["promoted"].color == "0e8a16"
    github.people.merge(1)
    again = {**OTHER, ".github/tracking/Promoted_Commit_Id": "2" * 40}
    assert writes(github, again) == [PUSH, f"POST {API}/pulls", f"POST {API}/issues/2/labels"]


def test_the_label_goes_when_nothing_is_promoted_any_more(github: GitHubGitOps) -> None:
    github.run({**DRONE, **TRACKING})
    github.people.merge(1)
    github.run({**OTHER, ".github/tracking/Promoted_Commit_Id": "2" * 40})
    github.run({**OTHER, **TRACKING})
    assert github.people.pull_request(2).labels == ()


def test_a_label_that_a_person_gave_stays(github: GitHubGitOps) -> None:
    github.run(DRONE)
    github.repository.add_labels(1, ["bug"])
    github.run(OTHER)
    assert github.people.pull_request(1).labels == ("bug",)


def test_a_pull_request_of_a_fork_is_not_ours_whatever_it_says(github: GitHubGitOps) -> None:
    github.run(DRONE)
    ours = github.repository.pull(1)
    wish = Wish(base="dev", head="deployment/dev", title=ours.title, body=ours.body)
    theirs = github.repository.keep(wish, fork=f"mallory/{REPOSITORY.partition('/')[2]}")
    of_the_same_owner = github.repository.keep(wish, fork="acme/copy")
    github.run(OTHER)
    assert (theirs.state, theirs.body) == ("open", wish.body)
    assert of_the_same_owner.state == "open"
    github.withdraw()
    assert github.states() == ["closed", "open", "open"]


def test_a_text_beyond_githubs_limit_is_cut_and_still_ours(github: GitHubGitOps) -> None:
    long = {f"drone/{'x' * 180}/{'y' * 180}{'z' * 180}{n}/{'w' * 200}": "a" for n in range(99)}
    github.run(long)
    body = github.people.pull_request(1).body
    assert 60_000 < len(body) <= 65_536
    assert "the rest is left out here" in body
    assert github.look(long).step == "keep"


def test_texts_that_githubs_editor_touched_are_no_difference(github: GitHubGitOps) -> None:
    github.run(DRONE)
    pull = github.repository.pull(1)
    pull.body = pull.body.replace("\n", "\r\n")
    assert writes(github, DRONE) == []


def test_an_answer_that_was_lost_makes_no_second_pull_request(github: GitHubGitOps) -> None:
    github.server.plan = on("POST", "/pulls", faults.LOST)
    github.run(DRONE)
    assert github.states() == ["open"]


def test_a_label_that_could_not_be_set_is_set_by_the_next_run(github: GitHubGitOps) -> None:
    github.server.plan = on("POST", "/issues/1/labels", faults.INVALID)
    with pytest.raises(DeliveryError, match="Validation Failed"):
        github.run({**DRONE, **TRACKING})
    assert github.run({**DRONE, **TRACKING}).step == "replace"
    assert github.people.pull_request(1).labels == ("promoted",)
    assert github.states() == ["open"]


def test_a_busy_server_is_asked_again_after_the_time_that_it_names(
    github: GitHubGitOps, tmp_path: Path
) -> None:
    slept: list[float] = []
    access = access_to(github.server, tmp_path / "other", sleep=slept.append)
    github.use(GitHubRepository(github.place, access))
    limit = {"Retry-After": "7"}
    github.server.plan = on("POST", "/pulls", Fault(status=429, headers=limit))
    github.run(DRONE)
    assert slept == [7.0]


def test_a_time_given_as_a_date_is_understood(github: GitHubGitOps, tmp_path: Path) -> None:
    slept: list[float] = []
    access = access_to(github.server, tmp_path / "other", sleep=slept.append)
    github.use(GitHubRepository(github.place, access))
    limit = {"Retry-After": formatdate(time.time() + 30, usegmt=True)}
    github.server.plan = on("POST", "/pulls", Fault(status=403, headers=limit))
    github.run(DRONE)
    assert 20 < slept[0] <= 32


def test_a_server_that_asks_for_too_long_is_not_waited_for(github: GitHubGitOps) -> None:
    limit = {"Retry-After": "3600"}
    github.server.plan = on("POST", "/pulls", Fault(status=429, headers=limit), times=9)
    with pytest.raises(DeliveryError, match="asks to wait 3600 s"):
        github.run(DRONE)
    assert github.server.writes().count(f"POST {API}/pulls") == 1


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (faults.BAD_CREDENTIALS, "denied", "GitHub answered 401 for acme/kalypso-gitops: Bad cre"),
        (faults.FORBIDDEN, "denied", "GitHub answered 403 .*not accessible by personal"),
        (faults.NOT_FOUND, "no-repository", "GitHub answered 404 for acme/kalypso-gitops"),
        (faults.CONFLICT, "github-refused", "GitHub answered 409 for acme/kalypso-gitops: Con"),
        (faults.INVALID, "github-refused", "GitHub answered 422 for acme/kalypso-gitops: Val"),
        (faults.TOO_MANY, "unreachable", "GitHub answered 429 for acme/kalypso-gitops"),
        (faults.BROKEN, "unreachable", "GitHub answered 500 for acme/kalypso-gitops"),
        (faults.CUT, "unreachable", "GitHub cannot be reached for acme/kalypso-gitops: "),
    ],
)
@pytest.mark.parametrize("call", [("GET", "/pulls"), ("POST", "/pulls")])
def test_a_refusal_names_repository_and_reason(
    github: GitHubGitOps, call: tuple[str, str], fault: Fault, code: str, told: str
) -> None:
    github.server.plan = on(*call, fault, times=99)
    with pytest.raises(KalypsoError, match=told) as caught:
        github.run(DRONE)
    assert caught.value.problem.code == code


def test_a_call_that_makes_no_sense_again_is_made_once(github: GitHubGitOps) -> None:
    github.server.plan = on("POST", "/pulls", faults.FORBIDDEN, times=99)
    with pytest.raises(DeliveryError):
        github.run(DRONE)
    assert github.server.writes().count(f"POST {API}/pulls") == 1


def test_an_answer_in_another_form_is_an_error(github: GitHubGitOps) -> None:
    github.server.plan = on("GET", "/pulls", Fault(status=200, message="not a list"))
    with pytest.raises(DeliveryError, match="is not understood"):
        github.run(DRONE)


def test_a_repository_that_is_not_there_is_an_error(github: GitHubGitOps) -> None:
    github.server.remove(REPOSITORY)
    with pytest.raises(SourceError, match="no-repository"):
        github.run(DRONE)


def test_a_push_that_a_rule_refuses_says_which(github: GitHubGitOps) -> None:
    hook = github.folder / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'deployment branches are protected by rule 7'\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(DeliveryError, match="protected by rule 7") as caught:
        github.run({**DRONE, **LARGE})
    assert caught.value.problem.code == "push-refused"
    assert github.states() == []


def test_without_a_token_nothing_is_asked(github: GitHubGitOps, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="there is no token for http://127"):
        GitHubRepository(github.place, access_to(github.server, tmp_path, token=""))
    assert github.server.calls == []


def test_a_git_that_is_cut_off_once_is_tried_again(github: GitHubGitOps) -> None:
    github.server.plan = at(1, faults.CUT)
    assert github.run(DRONE).step == "open"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_secondary_limit_is_waited_for(github: GitHubGitOps, method: str) -> None:
    github.server.plan = on(method, "/pulls", faults.SECONDARY_LIMIT, times=2)
    assert github.run(DRONE).step == "open"
    assert github.states() == ["open"]


def test_a_secondary_limit_without_a_time_is_waited_for_a_minute(
    github: GitHubGitOps, tmp_path: Path
) -> None:
    slept: list[float] = []
    access = access_to(github.server, tmp_path / "other", sleep=slept.append)
    github.use(GitHubRepository(github.place, access))
    limit = Fault(status=403, message=faults.SECONDARY_LIMIT.message)
    github.server.plan = on("POST", "/pulls", limit)
    github.run(DRONE)
    assert slept == [60.0]


def test_what_another_machine_proposed_can_be_proposed_again(
    github: GitHubGitOps, tmp_path: Path
) -> None:
    here, there = (
        github.forge,
        GitHubRepository(github.place, access_to(github.server, tmp_path / "b")),
    )
    github.run(DRONE)
    github.use(there)
    assert github.run(DRONE).step == "keep"
    github.use(here)
    github.run(OTHER)
    github.use(there)
    assert github.run(DRONE).step == "replace"
    assert github.files("deployment/dev") == DRONE
    assert github.healthy()
