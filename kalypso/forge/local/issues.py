"""The local forge's issues: one JSON file each, beside the repository's objects."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from kalypso.forge.interface import Issue
from kalypso.forge.local.records import Record, Records, timestamp
from kalypso.forge.review_rules import no_issue
from kalypso.git import locked


class _IssueRecord(Record, frozen=True, kw_only=True):
    """What is kept of an issue."""

    title: str
    body: str
    state: Literal["open", "closed"]
    created: str


class LocalIssues:
    """The issues of one repository of the local forge."""

    def __init__(self, repository: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Name the repository; nothing is read yet."""
        self._lock_file, self._clock = repository / "kalypso-issues.lock", clock
        self._records = Records(
            repository / "issues", _IssueRecord, called="issue", code="damaged-issue"
        )

    def issue_lock(self) -> AbstractContextManager[None]:
        """Keep other runs out; the system frees the lock of a killed run."""
        return locked(self._lock_file)

    def all_issues(self) -> tuple[Issue, ...]:
        """Return all issues, oldest first."""
        return tuple(map(_issue, self._records.all()))

    def open_issues(self) -> tuple[Issue, ...]:
        """Return all issues that are open, oldest first."""
        return tuple(issue for issue in self.all_issues() if issue.state == "open")

    def issue(self, number: int) -> Issue:
        """Return one issue."""
        return _issue(self._record(number))

    def open_issue(self, *, title: str, body: str) -> Issue:
        """Open an issue."""
        record = _IssueRecord(
            number=self._records.next_number(), title=title, body=body, state="open",
            created=timestamp(self._clock()),
        )  # fmt: skip
        self._records.put(record)
        return _issue(record)

    def edit_issue(self, number: int, *, title: str, body: str) -> None:
        """Replace the texts of an issue."""
        self._records.put(replace(self._record(number), title=title, body=body))

    def close_issue(self, number: int) -> None:
        """Close an issue as done."""
        self._records.put(replace(self._record(number), state="closed"))

    def _record(self, number: int) -> _IssueRecord:
        record = self._records.get(number)
        if record is None:
            raise no_issue(number, str(self._records.folder))
        return record


def _issue(record: _IssueRecord) -> Issue:
    return Issue(
        number=record.number, title=record.title, body=record.body, state=record.state,
        created=record.created,
    )  # fmt: skip
