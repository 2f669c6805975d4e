"""The data of the embedded forge's pull requests: one JSON file each, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from kalypso.delivery.interface import State
from kalypso.errors import DeliveryError, Position


class PullRecord(BaseModel):
    """What is kept of a pull request beside its ref."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    version: Literal[1] = 1
    number: int
    title: str
    body: str
    base: str
    head: str
    state: State
    labels: list[str]
    created: str
    opened_on: str
    """Commit of the base branch when it was opened."""
    merge_commit: str = ""


class PullRecords:
    """The records of one repository; callers hold its lock while they write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[PullRecord]:
        """Return all records, newest first.

        Raises:
            DeliveryError: One is damaged. Leaving it out could open the same pull request twice.
        """
        numbers = [int(p.stem) for p in self._folder.glob("*.json") if p.stem.isdigit()]
        return [record for number in sorted(numbers, reverse=True) if (record := self.get(number))]

    def get(self, number: int) -> PullRecord | None:
        """Return one record; None if there is none of this number."""
        path = self._folder / f"{number}.json"
        try:
            return PullRecord.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise DeliveryError(
                f"the data of pull request {number} is damaged: {first['msg']}",
                Position(str(path)),
                "repair the file, or remove it to forget the pull request",
                code="damaged-pull-request",
            ) from error

    def next_number(self) -> int:
        """Return the number of the next pull request."""
        records = self.all()
        return records[0].number + 1 if records else 1

    def put(self, record: PullRecord) -> None:
        """Write a record in one step.

        Raises:
            DeliveryError: The folder cannot be written.
        """
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
                f"the data of pull request {record.number} cannot be written: {error.strerror}",
                Position(str(path)),
                "check that the folder is writable and the disk not full",
                code="unwritable-folder",
            ) from error
