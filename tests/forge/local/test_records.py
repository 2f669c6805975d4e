"""Data of the local forge that is damaged, doubled or gone."""

from pathlib import Path

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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"number": 1', '"number": 1, "draft": true', "Object contains unknown field `draft`"),
        ('"number": 1', '"number": "1"', "Expected `int`, got `str` - at `$.number`"),
        ('"state": "open"', '"state": "draft"', "Invalid enum value 'draft' - at `$.state`"),
        ('"labels": []', '"labels": [1]', "Expected `str`, got `int` - at `$.labels[0]`"),
        ('  "base": "dev",\n', "", "Object missing required field `base`"),
    ],
)
def test_what_is_damaged_is_named_and_nothing_is_left_out(
    gitops: GitOps, old: str, new: str, told: str
) -> None:
    gitops.run(DRONE)
    record = gitops.folder / "pull-requests" / "1.json"
    text = record.read_text()
    assert text.count(old) == 1
    record.write_text(text.replace(old, new))
    with pytest.raises(DeliveryError) as caught:
        gitops.run(DRONE)
    assert caught.value.problem.message == f"the data of pull request 1 is damaged: {told}"


def test_a_damaged_repository_is_an_error_and_stays_as_it_is(gitops: GitOps) -> None:
    gitops.run(DRONE)
    (gitops.folder / "refs/heads/dev").write_text("not a commit\n")
    with pytest.raises(SourceError):
        gitops.run(DRONE)


@pytest.mark.parametrize("name", ["\u00b23.json", "\u0663.json", "01.json", "-1.json", "x.json"])
def test_a_file_that_the_forge_would_not_write_is_no_record(gitops: GitOps, name: str) -> None:
    gitops.run(DRONE)
    (gitops.folder / "pull-requests" / name).write_text("{}")
    assert [pull.number for pull in gitops.forge.pull_requests()] == [1]


def test_a_folder_in_place_of_a_record_is_an_error(gitops: GitOps) -> None:
    gitops.run(DRONE)
    (gitops.folder / "pull-requests" / "7.json").mkdir()
    (gitops.folder / "pull-requests" / "x").mkdir()
    with pytest.raises(DeliveryError) as caught:
        gitops.forge.pull_requests()
    place = gitops.folder / "pull-requests" / "7.json"
    assert str(caught.value).splitlines()[0] == (
        f"{place}:1:1: error: a record of the kind 'pull request' cannot be read: Is a directory"
        " [damaged-pull-request]"
    )


def test_a_file_in_place_of_the_folder_is_an_error(gitops: GitOps) -> None:
    (gitops.folder / "pull-requests").write_text("")
    with pytest.raises(DeliveryError, match="cannot be read: Not a directory"):
        gitops.forge.pull_requests()


def test_a_record_that_may_not_be_read_is_an_error(
    gitops: GitOps, monkeypatch: pytest.MonkeyPatch
) -> None:
    gitops.run(DRONE)
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "1.json":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DeliveryError, match="cannot be read: Permission denied"):
        gitops.forge.pull_requests()


def test_a_record_under_another_number_is_an_error(gitops: GitOps) -> None:
    gitops.run(DRONE)
    folder = gitops.folder / "pull-requests"
    (folder / "2.json").write_text((folder / "1.json").read_text())
    with pytest.raises(DeliveryError, match="pull request 2 is damaged: it is of 1"):
        gitops.forge.pull_requests()


def test_a_lock_that_a_killed_git_left_is_named(gitops: GitOps) -> None:
    gitops.run(DRONE)
    lock = gitops.folder / "refs" / "heads" / "deployment" / "dev.lock"
    lock.touch()
    with pytest.raises(DeliveryError, match="if no git runs there, remove ") as caught:
        gitops.run(OTHER)
    assert str(lock) in str(caught.value)
