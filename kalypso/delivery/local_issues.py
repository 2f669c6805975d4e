"""The embedded forge's issues: one JSON file each, beside the repository's objects."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from kalypso.delivery.issues import Issue
from kalypso.errors import DeliveryError, Position
from kalypso.git.file_lock import locked


class _Record(BaseModel):
    """What a file holds."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    version: Literal[1] = 1
    number: int
    title: str
    body: str
    state: Literal["open", "closed"]
    created: str


class LocalIssues:
    """The issues of one repository of the embedded forge."""

    def __init__(self, repository: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Name the repository; nothing is read yet."""
        self._lock_file = repository / "kalypso-issues.lock"
        self._folder, self._clock = repository / "issues", clock

    def issue_lock(self) -> AbstractContextManager[None]:
        """Keep other runs out; the system frees the lock of a killed run."""
        return locked(self._lock_file)

    def all_issues(self) -> tuple[Issue, ...]:
        """Return all issues, oldest first."""
        numbers = sorted(int(p.stem) for p in self._folder.glob("*.json") if p.stem.isdigit())
        return tuple(self._issue(self._read(number)) for number in numbers)

    def open_issues(self) -> tuple[Issue, ...]:
        """Return all issues that are open, oldest first."""
        return tuple(issue for issue in self.all_issues() if issue.state == "open")

    def issue(self, number: int) -> Issue:
        """Return one issue.

        Raises:
            DeliveryError: There is none of this number.
        """
        return self._issue(self._read(number))

    def open_issue(self, *, title: str, body: str) -> Issue:
        """Open an issue."""
        known = self.all_issues()
        number = known[-1].number + 1 if known else 1
        now = datetime.fromtimestamp(int(self._clock()), UTC).isoformat().replace("+00:00", "Z")
        record = _Record(number=number, title=title, body=body, state="open", created=now)
        self._write(record)
        return self._issue(record)

    def edit_issue(self, number: int, *, title: str, body: str) -> None:
        """Replace the texts of an issue."""
        self._write(self._read(number).model_copy(update={"title": title, "body": body}))

    def close_issue(self, number: int) -> None:
        """Close an issue as done."""
        self._write(self._read(number).model_copy(update={"state": "closed"}))

    def _read(self, number: int) -> _Record:
        path = self._folder / f"{number}.json"
        try:
            return _Record.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise DeliveryError(
                f"there is no issue {number}",
                Position(str(self._folder)),
                "see `kalypso issues list --all`",
                code="no-issue",
            ) from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise DeliveryError(
                f"the data of issue {number} is damaged: {first['msg']}",
                Position(str(path)),
                "repair the file, or remove it to forget the issue",
                code="damaged-issue",
            ) from error

    def _write(self, record: _Record) -> None:
        path = self._folder / f"{record.number}.json"
        scratch = path.with_suffix(".new")
        try:
            self._folder.mkdir(exist_ok=True)
            with scratch.open("w", encoding="utf-8") as file:
                file.write(record.model_dump_json(indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        except OSError as error:
            raise DeliveryError(
                f"the data of issue {record.number} cannot be written: {error.strerror}",
                Position(str(path)),
                "check that the folder is writable and the disk not full",
                code="unwritable-folder",
            ) from error

    @staticmethod
    def _issue(record: _Record) -> Issue:
        return Issue(**record.model_dump(exclude={"version"}))
