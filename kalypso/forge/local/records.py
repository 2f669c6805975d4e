"""A folder of JSON records, one numbered file each: every write is whole or not at all."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, Literal, TypeVar

import msgspec

from kalypso.errors import DeliveryError, Position


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every file holds."""

    version: Literal[1] = 1
    number: int


_Kind = TypeVar("_Kind", bound=Record)
_NUMBER = re.compile("[1-9][0-9]{0,8}")
"""What the forge calls its files; other digits, such as a superscript two, are not numbers."""


class Records(Generic[_Kind]):
    """The records of one folder; callers hold a lock while they write."""

    def __init__(self, folder: Path, kind: type[_Kind], *, called: str, code: str) -> None:
        """Name the folder; nothing is read yet.

        Args:
            folder: It is made when the first record is written.
            kind: What the files hold.
            called: How messages call a record.
            code: Of the problem that one is damaged.
        """
        self.folder = folder
        self._kind, self._called, self._code = kind, called, code

    def all(self) -> list[_Kind]:
        """Return all records, oldest first.

        Raises:
            DeliveryError: A record is damaged or cannot be read. Leaving it out could make the
                same one twice.
        """
        names = (path.stem for path in self._files())
        numbers = sorted(int(name) for name in names if _NUMBER.fullmatch(name))
        return [record for number in numbers if (record := self.get(number))]

    def get(self, number: int) -> _Kind | None:
        """Return one record; None if there is none of this number.

        Raises:
            DeliveryError: The record is damaged, or cannot be read.
        """
        path = self._path(number)
        try:
            record = msgspec.json.decode(path.read_bytes(), type=self._kind)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error, path) from error
        except msgspec.DecodeError as error:
            raise DeliveryError(
                f"the data of {self._called} {number} is damaged: {error}",
                Position(str(path)),
                f"repair the file, or remove it to forget the {self._called}",
                code=self._code,
            ) from error
        if record.number != number:
            raise DeliveryError(
                f"the data of {self._called} {number} is damaged: it is of {record.number}",
                Position(str(path)),
                f"repair the file, or remove it to forget the {self._called}",
                code=self._code,
            )
        return record

    def next_number(self) -> int:
        """Return the number of the next record."""
        records = self.all()
        return records[-1].number + 1 if records else 1

    def put(self, record: _Kind) -> None:
        """Write a record in one step.

        Raises:
            DeliveryError: The folder cannot be written.
        """
        path = self._path(record.number)
        content = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
        scratch = path.with_suffix(".new")
        try:
            self.folder.mkdir(exist_ok=True)
            with scratch.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        except OSError as error:
            raise DeliveryError(
                f"the data of {self._called} {record.number} cannot be written: {error.strerror}",
                Position(str(path)),
                "check that the folder is writable and the disk not full",
                code="unwritable-folder",
            ) from error

    def _files(self) -> list[Path]:
        """List the files of the folder; none if it has not been made."""
        try:
            return [path for path in self.folder.iterdir() if path.suffix == ".json"]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(error, self.folder) from error

    def _unreadable(self, error: OSError, path: Path) -> DeliveryError:
        return DeliveryError(
            f"a record of the kind {self._called!r} cannot be read: {error.strerror}",
            Position(str(path)),
            "give this user the right to read it; what is not a file of the forge can be removed",
            code=self._code,
        )

    def _path(self, number: int) -> Path:
        return self.folder / f"{number}.json"


def timestamp(seconds: float) -> str:
    """Return a time since 1970 as records hold it: ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")
