"""Deciding about pull requests on GitHub: one merge, what is people's stays, and lost answers."""

from pathlib import Path

import pytest

from kalypso.delivery.marker import is_proposal
from kalypso.errors import DeliveryError, KalypsoError
from kalypso.forge.github.review import GitHubReview
from kalypso.git.write import RefMoved
from tests.delivery.platform import DRONE, OTHER
from tests.forge.decisions import decide
from tests.forge.github.platform import REPOSITORY, GitHubGitOps, access_to
from tests.standins.github import faults
from tests.standins.github.faults import Call, Fault, at, on
from tests.standins.github.repository import Wish

API = f"/api/v3/repos/{REPOSITORY}"
HEAD = "refs/heads/deployment/dev"
FAULTS = {
    "401": faults.BAD_CREDENTIALS,
    "403": faults.FORBIDDEN,
    "403 secondary limit": faults.SECONDARY_LIMIT,
    "404": faults.NOT_FOUND,
    "409": faults.CONFLICT,
    "422": faults.INVALID,
    "429": faults.TOO_MANY,
    "500": faults.BROKEN,
    "cut before": faults.CUT,
    "cut after": faults.CUT_AFTER,
    "half an answer": faults.HALF,
}


def test_a_merge_is_one_call_and_one_push(github: GitHubGitOps) -> None:
    github.run(DRONE)
    github.server.clear()
    github.review.merge(1, is_proposal)
    assert github.server.writes() == [
        f"PUT {API}/pulls/1/merge",
        f"POST /{REPOSITORY}.git/git-receive-pack",
    ]


def test_listing_what_waits_is_one_call(github: GitHubGitOps) -> None:
    github.run(DRONE)
    github.server.clear()
    github.review.waiting()
    assert [f"{call}?{call.query}" for call in github.server.calls] == [
        f"GET {API}/pulls?state=open&sort=created&direction=desc&per_page=100&page=1"
    ]


def test_hundreds_are_listed_to_the_last(github: GitHubGitOps) -> None:
    for number in range(150):
        github.repository.keep(Wish(base="dev", head=f"fix-{number}"))
        github.repository.close(number + 1)
    assert [pull.number for pull in github.review.pull_requests()] == list(range(150, 0, -1))


def test_the_head_of_a_person_stays(github: GitHubGitOps) -> None:
    github.move("fix", github.start)
    head = github.commit("fix", {"README.md": b"better\n"})
    github.repository.open_pull(Wish(base="dev", head="fix"))
    assert github.review.merge(1, is_proposal).state == "merged"
    assert github.refs()["refs/heads/fix"] == head
    assert github.tree("dev")["README.md"] == b"better\n"


def test_a_pull_request_of_a_fork_names_its_owner_and_is_none_of_ours(
    github: GitHubGitOps,
) -> None:
    github.run(DRONE)
    ours = github.repository.pull(1)
    wish = Wish(base="dev", head="deployment/dev", title=ours.title, body=ours.body)
    github.repository.keep(wish, fork="mallory/kalypso-gitops")
    theirs = github.review.pull_request(2)
    assert theirs.head == "mallory:deployment/dev"
    github.review.close(1)
    github.review.reopen(1)
    github.review.close(1)
    github.review.merge(2, is_proposal)
    assert HEAD in github.refs()


def test_a_head_that_moves_during_a_merge_is_not_merged(github: GitHubGitOps) -> None:
    github.run(DRONE)

    def push_first(call: Call) -> None:
        if call.path.endswith("/merge"):
            github.commit("deployment/dev", {"drone/app/config.yaml": b"A: 666\n"})

    github.server.plan = push_first
    with pytest.raises(RefMoved, match="was changed while pull request 1 was merged"):
        github.review.merge(1, is_proposal)
    assert github.refs()["refs/heads/dev"] == github.start
    assert github.states() == ["open"]


def test_a_head_that_somebody_pushed_to_after_the_merge_stays(github: GitHubGitOps) -> None:
    github.run(DRONE)
    moved: list[str] = []

    def push() -> None:
        moved.append(github.commit("deployment/dev", {"x/y": b"z\n"}))

    github.server.plan = on("GET", "/info/refs", Fault(call=push, status=500))
    assert github.review.merge(1, is_proposal).state == "merged"
    assert github.refs()[HEAD] == moved[0]


def test_a_head_that_cannot_be_removed_is_left_to_the_next_run(github: GitHubGitOps) -> None:
    github.run(DRONE)
    github.server.plan = on("GET", "/info/refs", faults.BAD_CREDENTIALS, times=99)
    assert github.review.merge(1, is_proposal).state == "merged"
    assert HEAD in github.refs()
    github.server.clear()
    assert github.run(DRONE).step == "withdraw"
    assert HEAD not in github.refs()


@pytest.mark.parametrize("fault", [faults.LOST, faults.CUT_AFTER, faults.HALF])
def test_a_merge_whose_answer_was_lost_is_a_merge(github: GitHubGitOps, fault: Fault) -> None:
    github.run(DRONE)
    github.server.plan = on("PUT", "/merge", fault)
    assert github.review.merge(1, is_proposal).state == "merged"
    assert github.files("dev") == DRONE
    assert HEAD not in github.refs()


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        *(("merge", kind) for kind in FAULTS),
        *((what, kind) for what in ("close", "reopen") for kind in ("403", "404", "cut after")),
    ],
)
def test_whatever_a_call_answers_it_is_done_whole_by_the_next_try(
    github: GitHubGitOps, what: str, kind: str
) -> None:
    files = DRONE
    github.run(files)
    for number in range(1, 9):
        pull = github.review.waiting()[0].number
        if what == "reopen":
            github.review.close(pull)
            github.move("deployment/dev", None)
        base = github.refs()["refs/heads/dev"]
        github.server.clear()
        github.server.plan = at(number, FAULTS[kind])
        told = ""
        try:
            decide(github.review, what, pull)
        except KalypsoError as error:
            told = str(error)
        calls = len(github.server.calls)
        github.server.clear()
        after = github.review.pull_request(pull)
        if after.state != "merged":
            assert github.refs()["refs/heads/dev"] == base
        if after.state != {"merge": "merged", "close": "closed", "reopen": "open"}[what]:
            assert told
            decide(github.review, what, pull)
        if calls < number:
            return
        files = OTHER if files == DRONE else DRONE
        github.run(files)
    pytest.fail("the command makes more calls than were made to fail")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.FORBIDDEN, "denied"),
        (Fault(status=405, message="Merge commits are not allowed on this repository."), "refused"),
        (faults.BROKEN, "unreachable"),
    ],
)
def test_a_merge_that_is_refused_says_why(github: GitHubGitOps, fault: Fault, code: str) -> None:
    github.run(DRONE)
    github.server.plan = on("PUT", "/merge", fault, times=99)
    with pytest.raises(DeliveryError, match=f"GitHub answered {fault.status} .*") as caught:
        github.review.merge(1, is_proposal)
    assert code in caught.value.problem.code
    assert fault.message in str(caught.value)
    assert github.states() == ["open"]


def test_a_history_that_is_not_shared_is_told(github: GitHubGitOps) -> None:
    github.commit("alien", {"a": b"b"})
    github.repository.keep(Wish(base="dev", head="alien"))
    with pytest.raises(KalypsoError, match="No common ancestor"):
        github.review.diff(1)


def test_without_a_token_nothing_is_asked(github: GitHubGitOps, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="there is no token for http://127"):
        GitHubReview(github.place, access_to(github.server, tmp_path, token=""))
    assert github.server.calls == []
