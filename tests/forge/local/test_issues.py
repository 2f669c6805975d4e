"""Issues of the local forge whose files are damaged, gone or not to be written."""

from pathlib import Path

import pytest

from kalypso.delivery.issues import settle_issues
from kalypso.errors import DeliveryError
from kalypso.forge.local.issues import LocalIssues
from kalypso.forge.local.records import Record, Records
from tests.delivery.issue_platform import failed


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


def test_a_damaged_issue_is_an_error_and_opens_nothing(
    local_tracker: LocalIssues, tmp_path: Path
) -> None:
    settle_issues(local_tracker, "dev", [failed()])
    (tmp_path / "issues" / "1.json").write_text("{}")
    with pytest.raises(DeliveryError, match=r"the data of issue 1 is damaged") as caught:
        settle_issues(local_tracker, "dev", [failed()])
    assert caught.value.problem.code == "damaged-issue"
    assert [p.name for p in (tmp_path / "issues").iterdir()] == ["1.json"]


def test_an_issue_that_there_is_not_cannot_be_edited(local_tracker: LocalIssues) -> None:
    with pytest.raises(DeliveryError, match=r"there is no issue 7"):
        local_tracker.edit_issue(7, title="t", body="b")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "issues").write_text("a file")
    with pytest.raises(DeliveryError, match=r"of the kind 'issue' cannot be read: Not a dir"):
        LocalIssues(tmp_path).open_issue(title="t", body="b")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_run_that_is_killed_at_any_write_is_completed_by_the_next(
    local_tracker: LocalIssues, monkeypatch: pytest.MonkeyPatch, number: int, *, after: bool
) -> None:
    settle_issues(local_tracker, "dev", [failed("drone/app"), failed("large/app")])
    wanted = [failed("drone/app", "worse"), failed("small/app")]
    write, writes = Records.put, list[int]()

    def killed(records: Records[Record], record: Record) -> None:
        writes.append(record.number)
        if len(writes) < number or after:
            write(records, record)
        if len(writes) == number:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Records, "put", killed)
        with pytest.raises(Killed):
            settle_issues(local_tracker, "dev", wanted)
    settle_issues(local_tracker, "dev", wanted)
    assert [issue.title for issue in local_tracker.open_issues()] == [
        "app on drone fails in dev",
        "app on small fails in dev",
    ]
    assert len(local_tracker.all_issues()) == 3
