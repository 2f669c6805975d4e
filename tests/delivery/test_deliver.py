"""One living pull request per environment, whatever happened to the last one, on each forge."""

from pathlib import Path

import pytest

from kalypso.delivery import PROPOSED_COMMIT, Wording
from kalypso.delivery.proposal import totals_of
from kalypso.errors import DeliveryError, SourceError
from kalypso.git import Entry, create_repository, tree_with, write_tree
from kalypso.git.objects import blob_id
from tests.delivery.platform import DRONE, LARGE, OTHER, START, Bench

HEAD = "deployment/dev"


def test_a_first_run_opens_one_pull_request_with_one_commit(bench: Bench) -> None:
    done = bench.run(DRONE)
    assert done.step == "open"
    assert done.pull_request is not None
    assert (done.pull_request.number, done.pull_request.state) == (1, "open")
    assert bench.files(HEAD) == DRONE
    assert bench.parents(HEAD) == (bench.start,)
    assert bench.files("dev") == {}


def test_root_files_and_dot_folders_stay(bench: Bench) -> None:
    bench.run(DRONE)
    head = bench.tree(HEAD)
    assert {path: head[path] for path in START} == START


def test_a_second_run_does_nothing(bench: Bench) -> None:
    bench.run(DRONE)
    refs = bench.refs()
    assert bench.look(DRONE).settled
    assert bench.run(DRONE).step == "keep"
    assert bench.refs() == refs


def test_looking_writes_nothing(bench: Bench) -> None:
    refs = bench.refs()
    assert bench.look(DRONE).step == "open"
    assert bench.refs() == refs
    assert bench.states() == []


def test_after_a_merge_nothing_is_open_and_nothing_is_written(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.merge(1)
    refs = bench.refs()
    assert bench.run(DRONE).step == "nothing"
    assert bench.refs() == refs
    assert bench.states() == ["merged"]
    assert f"refs/heads/{HEAD}" not in refs
    assert bench.files("dev") == DRONE


def test_a_merge_by_plain_git_is_understood_and_tidied(bench: Bench) -> None:
    bench.run(DRONE)
    bench.move("dev", bench.refs()[f"refs/heads/{HEAD}"])
    assert bench.states() == ["merged"]
    assert bench.run(DRONE).step == "withdraw"
    assert bench.run(DRONE).step == "nothing"
    assert f"refs/heads/{HEAD}" not in bench.refs()
    assert bench.states() == ["merged"]


def test_a_change_after_a_merge_opens_the_next_one(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.merge(1)
    assert bench.run(OTHER).step == "open"
    assert bench.states() == ["merged", "open"]
    assert bench.lacks(OTHER) == ["drone/app/config.yaml"]


def test_a_newer_change_replaces_the_head_of_the_same_pull_request(bench: Bench) -> None:
    bench.run(DRONE)
    done = bench.run(OTHER)
    assert done.step == "replace"
    assert bench.states() == ["open"]
    assert bench.files(HEAD) == OTHER
    assert bench.parents(HEAD) == (bench.start,)


def test_a_text_names_the_commit_that_is_proposed_now(bench: Bench) -> None:
    words = Wording(parent=bench.start, title="Deploy", body=f"/blob/{PROPOSED_COMMIT}/a.yaml")
    for files in (DRONE, OTHER):
        done = bench.run(files, words)
        assert done.pull_request is not None
        assert f"/blob/{bench.refs()[f'refs/heads/{HEAD}']}/a.yaml" in done.pull_request.body
        assert PROPOSED_COMMIT not in done.pull_request.body


def test_a_text_about_another_commit_of_the_branch_is_not_used(bench: Bench) -> None:
    words = Wording(parent="0" * 40, title="Deploy", body=f"/blob/{PROPOSED_COMMIT}/a.yaml")
    done = bench.run(DRONE, words)
    assert done.pull_request is not None
    assert "/blob/" not in done.pull_request.body


def test_files_that_are_no_longer_wanted_go(bench: Bench) -> None:
    bench.run({**DRONE, **LARGE})
    bench.people.merge(1)
    bench.run(LARGE)
    assert bench.files(HEAD) == LARGE


def test_a_head_edited_by_hand_is_brought_back(bench: Bench) -> None:
    bench.run(DRONE)
    bench.commit(HEAD, {"drone/app/config.yaml": b"by hand\n"})
    assert bench.look(DRONE).step == "replace"
    bench.run(DRONE)
    assert bench.files(HEAD) == DRONE
    assert bench.states() == ["open"]


def test_a_head_that_was_force_pushed_is_brought_back(bench: Bench) -> None:
    bench.run(DRONE)
    stranger = bench.commit("elsewhere", {"x": b"unrelated"})
    bench.move(HEAD, stranger)
    bench.run(DRONE)
    assert bench.files(HEAD) == DRONE
    assert bench.parents(HEAD) == (bench.start,)
    assert bench.states() == ["open"]


def test_a_moved_environment_branch_gets_the_proposal_on_top(bench: Bench) -> None:
    bench.run(DRONE)
    moved = bench.commit("dev", {"README.md": b"edited\n"})
    assert bench.run(DRONE).step == "replace"
    assert bench.parents(HEAD) == (moved,)
    assert bench.tree(HEAD)["README.md"] == b"edited\n"
    assert bench.states() == ["open"]


def test_a_branch_that_moved_below_an_equal_proposal_gets_it_on_top(bench: Bench) -> None:
    bench.run(DRONE)
    moved = bench.commit("dev", {"drone/app/config.yaml": b"by hand\n"})
    assert bench.run(DRONE).step == "replace"
    assert bench.parents(HEAD) == (moved,)
    assert bench.files(HEAD) == DRONE


def test_a_hand_made_change_of_managed_files_is_put_right(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.merge(1)
    bench.commit("dev", {"drone/app/config.yaml": b"by hand\n", "drone/stray": b"x"})
    assert bench.run(DRONE).step == "open"
    assert bench.lacks(DRONE) == ["drone/app/config.yaml", "drone/stray"]
    assert bench.files(HEAD) == DRONE


def test_a_change_that_was_reverted_closes_the_pull_request(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.merge(1)
    bench.run(OTHER)
    assert bench.look(DRONE).step == "withdraw"
    bench.run(DRONE)
    assert bench.states() == ["merged", "closed"]
    assert f"refs/heads/{HEAD}" not in bench.refs()
    assert bench.run(DRONE).step == "nothing"


def test_what_we_closed_ourselves_is_proposed_again(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.merge(1)
    bench.run(OTHER)
    bench.run(DRONE)
    assert bench.run(OTHER).step == "open"
    assert bench.states() == ["merged", "closed", "open"]


def test_what_a_person_closed_stays_closed(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.close(1)
    refs = bench.refs()
    done = bench.run(DRONE)
    assert done.step == "stay-closed"
    assert done.pull_request is not None
    assert done.pull_request.number == 1
    assert bench.refs() == refs
    assert bench.states() == ["closed"]


def test_what_a_person_closed_stays_closed_when_the_branch_moves(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.close(1)
    bench.commit("dev", {"README.md": b"edited\n"})
    assert bench.run(DRONE).step == "stay-closed"


def test_a_person_may_open_it_again(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.close(1)
    bench.people.reopen(1)
    assert bench.run(DRONE).step == "keep"
    assert bench.states() == ["open"]


def test_other_content_than_the_closed_one_is_a_new_pull_request(bench: Bench) -> None:
    bench.run(DRONE)
    bench.people.close(1)
    assert bench.run(OTHER).step == "open"
    assert bench.states() == ["closed", "open"]
    assert bench.files(HEAD) == OTHER


def test_a_removed_head_counts_as_closed_by_a_person(bench: Bench) -> None:
    bench.run(DRONE)
    bench.move(HEAD, None)
    assert bench.run(DRONE).step == "stay-closed"
    bench.people.reopen(1)
    assert bench.files(HEAD) == DRONE


def test_the_label_tells_that_another_commit_is_promoted(bench: Bench) -> None:
    tracking = ".github/tracking/Promoted_Commit_Id"
    first = bench.run({**DRONE, tracking: "1" * 40})
    assert first.pull_request is not None
    assert first.pull_request.labels == ("promoted",)
    bench.people.merge(1)
    second = bench.run({**OTHER, tracking: "1" * 40})
    assert second.pull_request is not None
    assert second.pull_request.labels == ()


def test_a_label_that_a_person_added_is_no_reason_to_propose_again(bench: Bench) -> None:
    bench.run({**DRONE, ".github/tracking/Promoted_Commit_Id": "1" * 40})
    bench.label(1, "reviewed by Ada")
    assert bench.run({**DRONE, ".github/tracking/Promoted_Commit_Id": "1" * 40}).step == "keep"


def test_a_persons_pull_request_beside_ours_is_left_alone(bench: Bench) -> None:
    bench.commit("fix", {"drone/app/config.yaml": b"fix\n"})
    bench.move("fix", bench.commit("dev", {"x/y": b"1"}))
    bench.commit("fix", {"drone/app/config.yaml": b"fix\n"})
    theirs = bench.people.create(base="dev", head="fix", title="t", body="b", labels=["mine"])
    bench.run(DRONE)
    bench.run(OTHER)
    bench.people.merge(2)
    bench.run(OTHER)
    assert bench.people.pull_request(theirs.number) == theirs


def test_withdrawing_closes_ours_and_leaves_the_branch(bench: Bench) -> None:
    bench.run(DRONE)
    bench.withdraw()
    assert bench.states() == ["closed"]
    assert bench.refs()["refs/heads/dev"] == bench.start
    assert f"refs/heads/{HEAD}" not in bench.refs()


def test_every_object_is_in_order_afterwards(bench: Bench) -> None:
    bench.run(DRONE)
    bench.run(OTHER)
    bench.people.merge(1)
    bench.run(LARGE)
    assert bench.healthy()


def test_an_environment_branch_that_was_removed_is_an_error(bench: Bench) -> None:
    bench.run(DRONE)
    bench.move("dev", None)
    refs = bench.refs()
    with pytest.raises(SourceError, match="has no branch dev"):
        bench.run(DRONE)
    assert bench.refs() == refs


def test_somebody_elses_branch_of_our_name_is_an_error(bench: Bench) -> None:
    theirs = bench.commit(HEAD, {"x": b"1"})
    with pytest.raises(DeliveryError, match="foreign-head"):
        bench.run(DRONE)
    assert bench.refs()[f"refs/heads/{HEAD}"] == theirs
    assert bench.states() == []


def test_without_words_the_first_hundred_files_are_named_and_the_others_counted(
    bench: Bench,
) -> None:
    done = bench.run({f"drone/app/{number:03}.yaml": "a: 1\n" for number in range(130)})
    assert done.pull_request is not None
    lines = done.pull_request.body.splitlines()
    assert lines[0] == "130 files added."
    assert lines[2] == "- `drone/app/000.yaml` added"
    assert lines[101] == "- `drone/app/099.yaml` added"
    assert lines[102] == "- and 30 more files"


def test_a_file_in_the_place_of_a_link_counts_as_added(tmp_path: Path) -> None:
    folder = tmp_path / "repository.git"
    create_repository(folder, branch="main")
    plain = write_tree(folder, {"a/link": b"a file", "a/two": b"2"})
    linked = tree_with(folder, plain, {"a/link": Entry("120000", blob_id(b"a file"))})
    found = totals_of(folder, linked, plain)
    assert found.numbers == {"added": 1}
    assert found.first == {"a/link": "added"}
