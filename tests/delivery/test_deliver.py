"""One living pull request per environment, whatever happened to the last one."""

import pytest

from kalypso.delivery.deliver import withdraw
from kalypso.errors import DeliveryError, SourceError
from tests.delivery.platform import DRONE, LARGE, OTHER, START, GitOps

HEAD = "deployment/dev"


def test_a_first_run_opens_one_pull_request_with_one_commit(gitops: GitOps) -> None:
    done = gitops.run(DRONE)
    assert done.step == "open"
    assert done.pull_request is not None
    assert (done.pull_request.number, done.pull_request.state) == (1, "open")
    assert gitops.files(HEAD) == DRONE
    assert gitops.parents(HEAD) == (gitops.start,)
    assert gitops.files("dev") == {}


def test_root_files_and_dot_folders_stay(gitops: GitOps) -> None:
    gitops.run(DRONE)
    head = gitops.forge.snapshot(HEAD)
    assert {path: head.files[path] for path in START} == START


def test_a_second_run_does_nothing(gitops: GitOps) -> None:
    gitops.run(DRONE)
    refs = gitops.refs()
    assert gitops.look(DRONE).settled
    assert gitops.run(DRONE).step == "keep"
    assert gitops.refs() == refs


def test_looking_writes_nothing(gitops: GitOps) -> None:
    refs = gitops.refs()
    assert gitops.look(DRONE).step == "open"
    assert gitops.refs() == refs
    assert gitops.states() == []


def test_after_a_merge_nothing_is_open_and_nothing_is_written(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    refs = gitops.refs()
    assert gitops.run(DRONE).step == "nothing"
    assert gitops.refs() == refs
    assert gitops.states() == ["merged"]
    assert f"refs/heads/{HEAD}" not in refs
    assert gitops.files("dev") == DRONE


def test_a_merge_by_plain_git_is_understood_and_tidied(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.move("dev", gitops.refs()[f"refs/heads/{HEAD}"])
    assert gitops.states() == ["merged"]
    assert gitops.run(DRONE).step == "withdraw"
    assert gitops.run(DRONE).step == "nothing"
    assert f"refs/heads/{HEAD}" not in gitops.refs()
    assert gitops.states() == ["merged"]


def test_a_change_after_a_merge_opens_the_next_one(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    assert gitops.run(OTHER).step == "open"
    assert gitops.states() == ["merged", "open"]
    assert list(gitops.look(OTHER).changes) == ["drone/app/config.yaml"]


def test_a_newer_change_replaces_the_head_of_the_same_pull_request(gitops: GitOps) -> None:
    gitops.run(DRONE)
    done = gitops.run(OTHER)
    assert done.step == "replace"
    assert gitops.states() == ["open"]
    assert gitops.files(HEAD) == OTHER
    assert gitops.parents(HEAD) == (gitops.start,)


def test_files_that_are_no_longer_wanted_go(gitops: GitOps) -> None:
    gitops.run({**DRONE, **LARGE})
    gitops.forge.merge(1)
    gitops.run(LARGE)
    assert gitops.files(HEAD) == LARGE


def test_a_head_edited_by_hand_is_brought_back(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.commit(HEAD, {"drone/app/config.yaml": b"by hand\n"})
    assert gitops.look(DRONE).step == "replace"
    gitops.run(DRONE)
    assert gitops.files(HEAD) == DRONE
    assert gitops.states() == ["open"]


def test_a_head_that_was_force_pushed_is_brought_back(gitops: GitOps) -> None:
    gitops.run(DRONE)
    stranger = gitops.commit("elsewhere", {"x": b"unrelated"})
    gitops.move(HEAD, stranger)
    gitops.run(DRONE)
    assert gitops.files(HEAD) == DRONE
    assert gitops.parents(HEAD) == (gitops.start,)
    assert gitops.states() == ["open"]


def test_a_moved_environment_branch_gets_the_proposal_on_top(gitops: GitOps) -> None:
    gitops.run(DRONE)
    moved = gitops.commit("dev", {"README.md": b"edited\n"})
    assert gitops.run(DRONE).step == "replace"
    assert gitops.parents(HEAD) == (moved,)
    assert gitops.forge.snapshot(HEAD).files["README.md"] == b"edited\n"
    assert gitops.states() == ["open"]


def test_a_branch_that_moved_below_an_equal_proposal_gets_it_on_top(gitops: GitOps) -> None:
    gitops.run(DRONE)
    moved = gitops.commit("dev", {"drone/app/config.yaml": b"by hand\n"})
    assert gitops.run(DRONE).step == "replace"
    assert gitops.parents(HEAD) == (moved,)
    assert gitops.files(HEAD) == DRONE


def test_a_hand_made_change_of_managed_files_is_put_right(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    gitops.commit("dev", {"drone/app/config.yaml": b"by hand\n", "drone/stray": b"x"})
    assert gitops.run(DRONE).step == "open"
    assert list(gitops.look(DRONE).changes) == ["drone/app/config.yaml", "drone/stray"]
    assert gitops.files(HEAD) == DRONE


def test_a_change_that_was_reverted_closes_the_pull_request(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    gitops.run(OTHER)
    assert gitops.look(DRONE).step == "withdraw"
    gitops.run(DRONE)
    assert gitops.states() == ["merged", "closed"]
    assert f"refs/heads/{HEAD}" not in gitops.refs()
    assert gitops.run(DRONE).step == "nothing"


def test_what_we_closed_ourselves_is_proposed_again(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    gitops.run(OTHER)
    gitops.run(DRONE)
    assert gitops.run(OTHER).step == "open"
    assert gitops.states() == ["merged", "closed", "open"]


def test_what_a_person_closed_stays_closed(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.close(1)
    refs = gitops.refs()
    done = gitops.run(DRONE)
    assert done.step == "stay-closed"
    assert done.pull_request is not None
    assert done.pull_request.number == 1
    assert gitops.refs() == refs
    assert gitops.states() == ["closed"]


def test_what_a_person_closed_stays_closed_when_the_branch_moves(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.close(1)
    gitops.commit("dev", {"README.md": b"edited\n"})
    assert gitops.run(DRONE).step == "stay-closed"


def test_a_person_may_open_it_again(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.close(1)
    gitops.forge.reopen(1)
    assert gitops.run(DRONE).step == "keep"
    assert gitops.states() == ["open"]


def test_other_content_than_the_closed_one_is_a_new_pull_request(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.close(1)
    assert gitops.run(OTHER).step == "open"
    assert gitops.states() == ["closed", "open"]
    assert gitops.files(HEAD) == OTHER


def test_a_removed_head_counts_as_closed_by_a_person(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.move(HEAD, None)
    assert gitops.run(DRONE).step == "stay-closed"
    gitops.forge.reopen(1)
    assert gitops.files(HEAD) == DRONE


def test_the_label_tells_that_another_commit_is_promoted(gitops: GitOps) -> None:
    tracking = ".github/tracking/Promoted_Commit_Id"
    first = gitops.run({**DRONE, tracking: "1" * 40})
    assert first.pull_request is not None
    assert first.pull_request.labels == ("promoted",)
    gitops.forge.merge(1)
    second = gitops.run({**OTHER, tracking: "1" * 40})
    assert second.pull_request is not None
    assert second.pull_request.labels == ()


def test_a_persons_pull_request_beside_ours_is_left_alone(gitops: GitOps) -> None:
    gitops.commit("fix", {"drone/app/config.yaml": b"fix\n"})
    gitops.move("fix", gitops.commit("dev", {"x/y": b"1"}))
    gitops.commit("fix", {"drone/app/config.yaml": b"fix\n"})
    theirs = gitops.forge.create(base="dev", head="fix", title="t", body="b", labels=["mine"])
    gitops.run(DRONE)
    gitops.run(OTHER)
    gitops.forge.merge(2)
    gitops.run(OTHER)
    assert gitops.forge.pull_request(theirs.number) == theirs


def test_a_second_open_one_of_ours_is_closed(gitops: GitOps) -> None:
    gitops.run(DRONE)
    twin = gitops.forge.pull_request(1)
    record = gitops.folder / "pull-requests" / "1.json"
    text = record.read_text().replace('"number": 1', '"number": 2')
    record.with_name("2.json").write_text(text)
    gitops.commit("unused", {"x": b"1"})
    with gitops.forge.lock():
        gitops.forge.edit(2, title="t", body=twin.body, labels=[])
    assert gitops.run(DRONE).step == "replace"
    assert gitops.states() == ["closed", "open"]


def test_what_a_killed_run_left_is_completed(gitops: GitOps) -> None:
    gitops.run(DRONE)
    (gitops.folder / "pull-requests" / "1.json").unlink()  # killed before the request was opened
    assert gitops.run(DRONE).step == "open"
    assert gitops.states() == ["open"]
    assert gitops.files(HEAD) == DRONE


def test_withdrawing_closes_ours_and_leaves_the_branch(gitops: GitOps) -> None:
    gitops.run(DRONE)
    withdraw(gitops.forge, "dev", "dev")
    assert gitops.states() == ["closed"]
    assert gitops.refs()["refs/heads/dev"] == gitops.start
    assert f"refs/heads/{HEAD}" not in gitops.refs()


def test_every_object_is_in_order_afterwards(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.run(OTHER)
    gitops.forge.merge(1)
    gitops.run(LARGE)
    assert gitops.healthy()


def test_an_environment_branch_that_was_removed_is_an_error(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.move("dev", None)
    refs = gitops.refs()
    with pytest.raises(SourceError, match="has no branch dev"):
        gitops.run(DRONE)
    assert gitops.refs() == refs


def test_a_repository_that_is_gone_is_an_error(gitops: GitOps) -> None:
    gitops.folder.rename(gitops.folder.with_name("moved.git"))
    with pytest.raises(SourceError, match="there is no folder"):
        gitops.run(DRONE)
    assert not gitops.folder.exists()


def test_somebody_elses_branch_of_our_name_is_an_error(gitops: GitOps) -> None:
    theirs = gitops.commit(HEAD, {"x": b"1"})
    with pytest.raises(DeliveryError, match="foreign-head"):
        gitops.run(DRONE)
    assert gitops.refs()[f"refs/heads/{HEAD}"] == theirs
    assert gitops.states() == []


def test_a_damaged_record_is_an_error_and_not_a_second_pull_request(gitops: GitOps) -> None:
    gitops.run(DRONE)
    (gitops.folder / "pull-requests" / "1.json").write_text('{"version": 1, "numb')
    with pytest.raises(DeliveryError, match=r"pull request 1 is damaged") as caught:
        gitops.run(OTHER)
    assert "1.json" in str(caught.value)
    assert gitops.files(HEAD) == DRONE


def test_a_record_of_another_version_is_an_error(gitops: GitOps) -> None:
    gitops.run(DRONE)
    record = gitops.folder / "pull-requests" / "1.json"
    record.write_text(record.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(DeliveryError, match="damaged-pull-request"):
        gitops.run(DRONE)


def test_a_damaged_repository_is_an_error_and_stays_as_it_is(gitops: GitOps) -> None:
    gitops.run(DRONE)
    (gitops.folder / "refs/heads/dev").write_text("not a commit\n")
    with pytest.raises(SourceError):
        gitops.run(DRONE)
