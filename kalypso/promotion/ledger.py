"""The record in Git: a ref of the GitOps repository for each environment, on whichever forge.

    refs/kalypso/promotion/dev -> a commit with gates.json, approvals.json, holds.json, reports.json

Each change is a commit on top of the one before, so the log of the ref says who did what and when.
The ref moves only from where it was read. Of two writers at once one wins; the other reads again,
and decides again, as what it wanted may be wrong by then.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from kalypso.errors import DeliveryError, Position
from kalypso.forge import WRITER
from kalypso.git import (
    NO_COMMIT,
    Access,
    Clone,
    RefMoved,
    RefUpdate,
    Writer,
    is_remote,
    read_clone,
    read_tree,
    resolve,
    update_refs,
    write_commit,
)
from kalypso.promotion.record import Record
from kalypso.promotion.record_files import files_of, record_of

Edit = Callable[[Record], Record]
"""Returns the record after a change; the same record if there is nothing to change."""
_ATTEMPTS = 20


class Ledger:
    """The records of all environments of one GitOps repository."""

    def __init__(
        self,
        repository: str,
        access: Access | None = None,
        *,
        writer: Writer = WRITER,
        clock: Callable[[], float] = time.time,
        attempts: int = _ATTEMPTS,
    ) -> None:
        """Name the repository; nothing is read yet.

        Args:
            repository: What git reads and writes: an address, or a bare repository's folder.
            access: How other machines are reached.
            writer: Whose name is in the commits.
            clock: Seconds since 1970.
            attempts: How often a change is tried while others write.
        """
        self._repository, self._writer, self._clock = repository, writer, clock
        self._attempts = attempts
        self._clone = Clone(repository, access or Access()) if is_remote(repository) else None

    def read(self, environment: str) -> Record:
        """Return what is recorded of an environment; an empty record if nothing is.

        Raises:
            SourceError: The repository or the record cannot be read.
        """
        return self._read(environment)[1]

    def change(self, environment: str, edit: Edit, message: str) -> Record:
        """Change the record of an environment, and return it as it is then.

        Args:
            environment: Whose record it is.
            edit: The change; called again with what another writer left, if one came first.
            message: What was done, for the log of the ref.

        Raises:
            SourceError: The repository or the record cannot be read.
            DeliveryError: The record cannot be written, or others write all the time.
        """
        for _ in range(self._attempts):
            commit, record = self._read(environment)
            after = edit(record)
            if after == record:
                return record
            try:
                self._move(environment, commit, after, message)
            except RefMoved:
                continue
            return after
        raise DeliveryError(
            f"the record of {environment} changed whenever it was to be written",
            Position(self._name),
            "run it again; nothing was written",
            code="busy",
        )

    @property
    def _name(self) -> str:
        return self._clone.remote.name if self._clone else self._repository

    def _read(self, environment: str) -> tuple[str | None, Record]:
        ref = ref_of(environment)
        at = Position(f"{self._name}@{ref}")
        commit: str | None
        if self._clone:
            commit = self._clone.remote.refs(ref).get(ref)
            files = read_clone(self._clone, commit).files if commit else {}
        else:
            commit = resolve(self._repository, ref)
            files = read_tree(self._repository, commit).files if commit else {}
        return commit, record_of(environment, files, at)

    def _move(self, environment: str, old: str | None, record: Record, message: str) -> None:
        if self._clone:
            folder = self._clone.whole(old) if old else self._clone.started()
        else:
            folder = Path(self._repository).expanduser()
        files = files_of(record)
        kept = record_of(environment, files, Position(self._name))
        assert kept == record, "what is written has to be read back as it was"  # noqa: S101 - a bug, if not
        new = write_commit(
            folder,
            parents=[old] if old else [],
            changes=_changes(files),
            message=f"{message}\n",
            signature=self._writer.at(int(self._clock())),
        )
        update = RefUpdate(ref_of(environment), old or NO_COMMIT, new)
        if self._clone:
            self._clone.push(update)
        else:
            update_refs(folder, [update])


def ref_of(environment: str) -> str:
    """Return the ref that holds an environment's record."""
    return f"refs/kalypso/promotion/{environment}"


def _changes(files: dict[str, bytes]) -> dict[str, bytes | None]:
    names = ("approvals.json", "gates.json", "holds.json", "reports.json")
    return {name: files.get(name) for name in names}
