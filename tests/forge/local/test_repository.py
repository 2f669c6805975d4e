"""The local forge by itself: what people do with pull requests."""

from pathlib import Path

import pytest

from kalypso.errors import DeliveryError
from kalypso.forge.interface import PullRequest
from kalypso.forge.local.folder import LocalFolder
from kalypso.git.history import read_commit
from tests.delivery.platform import DRONE, OTHER, GitOps


def persons(gitops: GitOps, change: dict[str, bytes | None]) -> PullRequest:
    """Open a pull request from branch `fix`, as a person does."""
    gitops.move("fix", gitops.refs()["refs/heads/dev"])
    gitops.commit("fix", change)
    return gitops.forge.create(base="dev", head="fix", title="Fix", body="", labels=[])


def test_a_merge_is_a_commit_with_both_parents(gitops: GitOps) -> None:
    pull = persons(gitops, {"a": b"1"})
    merged = gitops.forge.merge(pull.number)
    commit = read_commit(gitops.folder, merged.merge_commit)
    assert commit.parents == (gitops.start, pull.head_commit)
    assert commit.message == "Merge pull request #1 from fix\n\nFix\n"
    assert gitops.files("dev") == {"a": "1"}


def test_a_merge_keeps_what_the_base_got_meanwhile(gitops: GitOps) -> None:
    pull = persons(gitops, {"a": b"1", "README.md": None})
    gitops.commit("dev", {"b": b"2"})
    gitops.forge.merge(pull.number)
    assert gitops.files("dev") == {"a": "1", "b": "2"}


def test_a_merge_of_what_both_sides_changed_is_refused(gitops: GitOps) -> None:
    pull = persons(gitops, {"a": b"1"})
    gitops.commit("dev", {"a": b"2"})
    with pytest.raises(DeliveryError, match="both changed a"):
        gitops.forge.merge(pull.number)
    assert gitops.files("dev") == {"a": "2"}
    assert gitops.forge.pull_request(pull.number).state == "open"


def test_the_same_change_on_both_sides_is_no_conflict(gitops: GitOps) -> None:
    pull = persons(gitops, {"a": b"1"})
    gitops.commit("dev", {"a": b"1"}, "the same by another way\n")
    assert gitops.forge.merge(pull.number).state == "merged"


def test_what_plain_git_merged_is_merged_with_its_head_and_without(gitops: GitOps) -> None:
    pull = persons(gitops, {"a": b"1"})
    gitops.move("dev", pull.head_commit)
    assert gitops.forge.pull_request(pull.number).state == "merged"
    gitops.move("fix", None)
    assert gitops.forge.pull_request(pull.number).state == "merged"


def test_a_head_that_brings_nothing_is_not_merged_by_what_others_bring(gitops: GitOps) -> None:
    gitops.move("fix", gitops.start)
    pull = gitops.forge.create(base="dev", head="fix", title="Fix", body="", labels=[])
    gitops.commit("dev", {"b": b"2"})
    assert gitops.forge.pull_request(pull.number).state == "open"


def test_a_push_to_the_head_is_part_of_the_pull_request(gitops: GitOps) -> None:
    pull = persons(gitops, {"a": b"1"})
    commit = gitops.commit("fix", {"b": b"2"})
    assert gitops.forge.pull_request(pull.number).head_commit == commit
    assert "+++ b/b" in gitops.forge.diff(pull.number)


@pytest.mark.parametrize("state", ["open", "closed", "merged"])
def test_the_difference_can_be_seen_whatever_became_of_it(gitops: GitOps, state: str) -> None:
    gitops.run(DRONE)
    if state == "closed":
        gitops.forge.close(1)
        gitops.move("deployment/dev", None)
    if state == "merged":
        gitops.forge.merge(1)
    assert "+++ b/drone/app/config.yaml" in gitops.forge.diff(1)
    assert "+A: 1" in gitops.forge.diff(1)


def test_numbers_are_not_used_twice(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.close(1)
    assert gitops.run(OTHER).pull_request == gitops.forge.pull_request(2)


def test_a_pull_request_tells_when_it_was_opened(gitops: GitOps) -> None:
    assert persons(gitops, {"a": b"1"}).created == "2023-11-14T22:13:20Z"


def test_merging_twice_is_refused(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    with pytest.raises(DeliveryError, match="is merged already"):
        gitops.forge.merge(1)


def test_merging_a_closed_one_says_how_to_open_it(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.close(1)
    with pytest.raises(DeliveryError, match="kalypso pr reopen 1"):
        gitops.forge.merge(1)


def test_reopening_a_merged_one_is_refused(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    with pytest.raises(DeliveryError, match="is merged"):
        gitops.forge.reopen(1)


def test_reopening_beside_a_newer_one_is_refused(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.close(1)
    gitops.run(OTHER)
    with pytest.raises(DeliveryError, match=r"pull request 2 .* is open already"):
        gitops.forge.reopen(1)


def test_an_unknown_number_is_an_error(gitops: GitOps) -> None:
    with pytest.raises(DeliveryError, match="no-pull-request"):
        gitops.forge.pull_request(7)


@pytest.mark.parametrize(("base", "head"), [("dev", "gone"), ("gone", "dev")])
def test_a_pull_request_needs_both_branches(gitops: GitOps, base: str, head: str) -> None:
    with pytest.raises(DeliveryError, match="no branch gone"):
        gitops.forge.create(base=base, head=head, title="t", body="", labels=[])


def test_addresses_of_the_forge_are_told_from_others(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path, "http://127.0.0.1:3180")
    assert folder.name_of("http://127.0.0.1:3180/kalypso-gitops") == "kalypso-gitops"
    assert folder.name_of("http://127.0.0.1:3180/kalypso-gitops.git/") == "kalypso-gitops"
    assert folder.name_of("http://127.0.0.1:31800/kalypso-gitops") is None
    assert folder.name_of("http://127.0.0.1:3180/a/b") is None
    assert folder.name_of("http://127.0.0.1:3180/..") is None


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "-x", "a\nb"])
def test_a_name_that_leaves_the_folder_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeliveryError, match="bad-repository"):
        LocalFolder(tmp_path).path(name)
