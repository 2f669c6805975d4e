"""Data of the embedded forge that is damaged, doubled or gone."""

import pytest

from kalypso.errors import DeliveryError, SourceError
from tests.delivery.platform import DRONE, OTHER, GitOps

HEAD = "deployment/dev"


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


def test_a_repository_that_is_gone_is_an_error(gitops: GitOps) -> None:
    gitops.folder.rename(gitops.folder.with_name("moved.git"))
    with pytest.raises(SourceError, match="there is no folder"):
        gitops.run(DRONE)
    assert not gitops.folder.exists()


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
