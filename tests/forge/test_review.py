"""What people decide about pull requests from a terminal is alike on every forge."""

import pytest

from kalypso.delivery.marker import is_proposal
from kalypso.errors import DeliveryError
from kalypso.forge.interface import Review
from tests.delivery.platform import DRONE, LARGE, OTHER, GitOps
from tests.forge.decisions import decide
from tests.forge.github.platform import GitHubGitOps

Reviewed = GitOps | GitHubGitOps
HEAD = "refs/heads/deployment/dev"


def test_what_waits_is_listed(reviewed: Reviewed) -> None:
    review: Review = reviewed.review
    assert review.waiting() == ()
    reviewed.run(DRONE)
    (pull,) = review.waiting()
    assert (pull.number, pull.state, pull.base, pull.head) == (1, "open", "dev", "deployment/dev")
    assert pull.head_commit == reviewed.refs()[HEAD]
    assert review.pull_request(1) == pull


def test_all_are_listed_newest_first(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    reviewed.review.merge(1, is_proposal)
    reviewed.run(OTHER)
    reviewed.review.close(2)
    reviewed.run(LARGE)
    listed = [(pull.number, pull.state) for pull in reviewed.review.pull_requests()]
    assert listed == [(3, "open"), (2, "closed"), (1, "merged")]
    assert [pull.number for pull in reviewed.review.waiting()] == [3]


def test_a_merge_brings_the_files_and_removes_the_head(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    merged = reviewed.review.merge(1, is_proposal)
    assert merged.state == "merged"
    assert reviewed.files("dev") == DRONE
    assert reviewed.refs()["refs/heads/dev"] == merged.merge_commit
    assert HEAD not in reviewed.refs()
    assert reviewed.run(DRONE).step == "nothing"


def test_a_merge_keeps_what_the_branch_got_meanwhile(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    reviewed.commit("dev", {"README.md": b"moved\n"})
    reviewed.review.merge(1, is_proposal)
    assert reviewed.files("dev") == DRONE
    assert reviewed.tree("dev")["README.md"] == b"moved\n"


def test_what_is_closed_stays_closed_until_it_is_opened_again(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    reviewed.review.close(1)
    assert reviewed.run(DRONE).step == "stay-closed"
    assert reviewed.review.reopen(1).state == "open"
    assert reviewed.run(DRONE).step == "keep"


def test_opening_again_makes_a_head_that_is_gone(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    head = reviewed.refs()[HEAD]
    reviewed.review.close(1)
    reviewed.move("deployment/dev", None)
    assert reviewed.review.reopen(1).state == "open"
    assert reviewed.refs()[HEAD] == head
    assert reviewed.run(DRONE).step == "keep"


def test_opening_what_is_open_changes_nothing(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    assert reviewed.review.reopen(1) == reviewed.review.pull_request(1)


def lines(text: str) -> list[str]:
    """Return the paths and lines that a difference adds and takes away."""
    return [line for line in text.splitlines() if line[:1] in {"+", "-"}]


def test_a_difference_is_what_the_pull_request_brings(reviewed: Reviewed) -> None:
    reviewed.commit("dev", {"drone/app/config.yaml": b"A: 0\n"})
    reviewed.run(DRONE)
    expected = [
        "--- /dev/null",
        "+++ b/drone/README.md",
        "+drone",
        "--- a/drone/app/config.yaml",
        "+++ b/drone/app/config.yaml",
        "-A: 0",
        "+A: 1",
    ]
    assert lines(reviewed.review.diff(1)) == expected
    reviewed.commit("dev", {"README.md": b"moved\n"})
    assert lines(reviewed.review.diff(1)) == expected
    reviewed.review.merge(1, is_proposal)
    assert lines(reviewed.review.diff(1)) == expected


def test_a_difference_of_a_thousand_files_is_whole(reviewed: Reviewed) -> None:
    reviewed.run({f"drone/app-{n}/config.yaml": f"A: {n}\n" for n in range(1000)})
    found = lines(reviewed.review.diff(1))
    assert sum(line.startswith("+++ b/drone/app-") for line in found) == 1000


def test_a_difference_of_one_that_was_closed_and_whose_head_is_gone(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    reviewed.review.close(1)
    reviewed.move("deployment/dev", None)
    assert "+A: 1" in lines(reviewed.review.diff(1))


@pytest.mark.parametrize("what", ["pull_request", "diff", "merge", "close", "reopen"])
def test_a_number_that_there_is_not_is_told(reviewed: Reviewed, what: str) -> None:
    with pytest.raises(DeliveryError, match="there is no pull request 7") as caught:
        decide(reviewed.review, what, 7)
    assert caught.value.problem.code == "no-pull-request"


@pytest.mark.parametrize(
    ("done", "asked", "code", "told"),
    [
        ("merge", "merge", "not-open", "pull request 1 is merged already"),
        ("merge", "close", "not-open", "pull request 1 is merged and cannot be closed"),
        ("merge", "reopen", "merged", "pull request 1 is merged"),
        ("close", "merge", "not-open", "pull request 1 is closed and cannot be merged"),
        ("close", "close", "not-open", "pull request 1 is closed already"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    reviewed: Reviewed, done: str, asked: str, code: str, told: str
) -> None:
    reviewed.run(DRONE)
    decide(reviewed.review, done, 1)
    before = reviewed.refs()
    with pytest.raises(DeliveryError, match=told) as caught:
        decide(reviewed.review, asked, 1)
    assert caught.value.problem.code == code
    assert reviewed.refs() == before


def test_a_second_one_from_the_same_head_is_refused(reviewed: Reviewed) -> None:
    reviewed.run(DRONE)
    reviewed.review.close(1)
    reviewed.run(OTHER)
    with pytest.raises(DeliveryError, match=r"pull request 2 .* is open already") as caught:
        reviewed.review.reopen(1)
    assert caught.value.problem.code == "second-pull-request"
    assert reviewed.states() == ["closed", "open"]


def test_a_file_that_both_sides_changed_stops_a_merge(reviewed: Reviewed) -> None:
    reviewed.commit("dev", {"drone/app/config.yaml": b"A: 0\n"})
    reviewed.run(DRONE)
    base = reviewed.commit("dev", {"drone/app/config.yaml": b"A: 3\n"})
    with pytest.raises(DeliveryError):
        reviewed.review.merge(1, is_proposal)
    assert reviewed.refs()["refs/heads/dev"] == base
    assert reviewed.states() == ["open"]
