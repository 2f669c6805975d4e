"""The local forge: a bare repository, and pull requests as refs with their data beside them.

A pull request is the ref ``refs/pull/<number>/head`` and the file
``pull-requests/<number>.json`` in the repository. While it is open its head is the
branch that it names; so a person may push to that branch, or merge it with plain git,
and is understood.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec.structs import replace

from kalypso.forge.author import AUTHOR, WRITER
from kalypso.forge.interface import Found, HeadRule, PullFacts, PullRequest, State
from kalypso.forge.local.merging import (
    branch_ref,
    changes_to_merge,
    fork_point,
    impossible,
    state_of,
)
from kalypso.forge.local.pull_record import PullRecord
from kalypso.forge.local.records import Records, timestamp
from kalypso.forge.review_rules import (
    no_pull_request,
    refuse_merged,
    refuse_second,
    refuse_unless_open,
)
from kalypso.git import (
    NO_COMMIT,
    WAIT_SECONDS,
    Commit,
    Content,
    RefUpdate,
    Signature,
    Snapshot,
    Writer,
    all_refs,
    changes_between,
    commits_since,
    locked,
    read_commit,
    read_tree,
    resolve,
    sign_commit,
    unified_diff,
    update_refs,
    write_commit,
)


class BareRepository:
    """One repository of the local forge."""

    def __init__(
        self,
        repository: Path,
        *,
        clock: Callable[[], float] = time.time,
        writer: Writer = WRITER,
        person: tuple[str, str] = AUTHOR,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """Name the repository; nothing is read yet.

        Args:
            repository: The bare repository.
            clock: Seconds since 1970, for what people do: opening and merging.
            writer: Whose name is in the commits that are written here.
            person: Name and address of who merges.
            wait_seconds: How long to wait for another run.
        """
        self._repository = repository
        self._records = Records(
            repository / "pull-requests",
            PullRecord,
            called="pull request",
            code="damaged-pull-request",
        )
        self._clock, self._wait_seconds = clock, wait_seconds
        self._writer, self._person = writer, person

    @property
    def name(self) -> str:
        """The path of the repository."""
        return str(self._repository)

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs out; the system frees the lock of a killed run."""
        self.head("HEAD")  # a repository that does not exist has a better message than its lock
        return locked(self._repository / "kalypso.lock", self._wait_seconds)

    def snapshot(self, ref: str) -> Snapshot:
        """Read a branch or commit."""
        return read_tree(self.name, ref)

    def reading(self, commit: str, read: Callable[[Path], Found]) -> Found:
        """Read from the repository itself."""
        del commit
        return read(self._repository)

    def head(self, branch: str) -> Commit | None:
        """Return the commit at the head of a branch."""
        commit = resolve(self.name, branch_ref(branch))
        return read_commit(self._repository, commit) if commit else None

    def commit(self, commit: str) -> Commit:
        """Read a commit by its id."""
        return read_commit(self._repository, commit)

    def write_commit(
        self,
        parent: Commit,
        changes: Mapping[str, Content],
        message: str,
        known: Commit | None = None,
    ) -> str:
        """Write a commit with our name and the date of its parent."""
        commit = write_commit(
            self._repository,
            parents=[parent.commit],
            changes=changes,
            message=message,
            signature=self._writer.at(parent.seconds),
        )
        if not self._writer.signs:
            return commit
        return sign_commit(self._repository, commit, known.commit if known else "")

    def move_branch(self, branch: str, *, old: str | None, new: str | None) -> None:
        """Move a branch from where it was seen."""
        update = RefUpdate(branch_ref(branch), old or NO_COMMIT, new or NO_COMMIT)
        update_refs(self._repository, [update])

    def pull_requests(self, head: str = "") -> tuple[PullRequest, ...]:
        """Return the pull requests from a branch, or all of them, newest first."""
        refs = all_refs(self._repository)
        found = (self._pull_request(record, refs) for record in reversed(self._records.all()))
        return tuple(pull for pull in found if head in {"", pull.head})

    def waiting(self) -> tuple[PullRequest, ...]:
        """Return the pull requests that are open, newest first."""
        return tuple(pull for pull in self.pull_requests() if pull.state == "open")

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request."""
        return self._pull_request(self._record(number), all_refs(self._repository))

    def diff(self, number: int) -> str:
        """Return what a pull request changes, as people read it."""
        pull = self.pull_request(number)
        base = fork_point(self._repository, pull, self._record(number).opened_on)
        return unified_diff(self._repository, base, pull.head_commit)

    def facts(self, number: int) -> PullFacts:
        """Return who wrote the last commit, and how many files the pull request changes."""
        pull = self.pull_request(number)
        base = fork_point(self._repository, pull, self._record(number).opened_on)
        last = commits_since(self._repository, "", pull.head_commit, 1)
        files = changes_between(self._repository, base, pull.head_commit)
        return PullFacts(last[0].author if last else "", len(files))

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest:
        """Open a pull request."""
        on, at = self.head(base), self.head(head)
        if on is None or at is None:
            missing = base if on is None else head
            raise impossible(
                self._repository, f"there is no branch {missing}", "push it first", code="no-branch"
            )
        refuse_second(self.pull_requests(), base, head, self.name)
        number = self._records.next_number()
        record = PullRecord(
            number=number, title=title, body=body, base=base, head=head, state="open",
            labels=tuple(labels), created=timestamp(self._clock()), opened_on=on.commit,
        )  # fmt: skip
        self._point(number, at.commit)
        self._records.put(record)
        return self.pull_request(number)

    def edit(self, number: int, *, title: str, body: str, labels: Sequence[str]) -> None:
        """Replace texts and labels, and remember where the head is."""
        record = self._record(number)
        self._point(number, self.pull_request(number).head_commit)
        self._records.put(replace(record, title=title, body=body, labels=tuple(labels)))

    def close(self, number: int) -> None:
        """Close without merging; the head branch stays."""
        pull = self.pull_request(number)
        refuse_unless_open(pull, "closed", self.name)
        self._point(number, pull.head_commit)
        self._records.put(replace(self._record(number), state="closed"))

    def reopen(self, number: int) -> PullRequest:
        """Open a closed pull request again; a head branch that is gone is made again."""
        record, pull = self._record(number), self.pull_request(number)
        refuse_merged(pull, self.name)
        if pull.state == "closed":
            refuse_second(self.pull_requests(), pull.base, pull.head, self.name)
            if self.head(pull.head) is None:
                self.move_branch(pull.head, old=None, new=pull.head_commit)
            self._records.put(replace(record, state="open"))
        return self.pull_request(number)

    def merge(self, number: int, removable: HeadRule | None = None) -> PullRequest:
        """Merge with a merge commit on the base, and remove the head branch, whoever made it.

        Raises:
            DeliveryError: The pull request is not open, or both branches changed the same file.
            RefMoved: One of the branches moved meanwhile.
        """
        del removable  # both branches move in one step, and a merged head is only in the way
        pull = self.pull_request(number)
        refuse_unless_open(pull, "merged", self.name)
        base = self.head(pull.base)
        if base is None:
            raise impossible(
                self._repository,
                f"the branch {pull.base} is gone",
                "push it again",
                code="no-branch",
            )
        opened_on = self._record(number).opened_on
        changes = changes_to_merge(self._repository, pull, base, opened_on)
        commit = write_commit(
            self._repository,
            parents=[base.commit, pull.head_commit],
            changes=changes,
            message=f"Merge pull request #{number} from {pull.head}\n\n{pull.title}\n",
            signature=Signature(*self._person, int(self._clock())),
        )
        updates = [RefUpdate(branch_ref(pull.base), base.commit, commit)]
        updates.append(RefUpdate(branch_ref(pull.head), pull.head_commit, NO_COMMIT))
        self._point(number, pull.head_commit)
        update_refs(self._repository, updates)
        self._records.put(replace(self._record(number), state="merged", merge_commit=commit))
        return self.pull_request(number)

    def _pull_request(self, record: PullRecord, refs: Mapping[str, str]) -> PullRequest:
        recorded = refs.get(f"refs/pull/{record.number}/head", "")
        live = refs.get(branch_ref(record.head)) if record.state == "open" else None
        base = refs.get(branch_ref(record.base))
        state: State = record.state
        if state == "open":
            state = state_of(self._repository, record.opened_on, base, recorded, live)
        return PullRequest(
            number=record.number, title=record.title, body=record.body, base=record.base,
            head=record.head, head_commit=live or recorded, state=state,
            labels=record.labels, created=record.created,
            merge_commit=record.merge_commit,
        )  # fmt: skip

    def _record(self, number: int) -> PullRecord:
        record = self._records.get(number)
        if record is None:
            raise no_pull_request(number, self.name)
        return record

    def _point(self, number: int, commit: str) -> None:
        ref = f"refs/pull/{number}/head"
        old = resolve(self.name, ref)
        if old != commit:
            update_refs(self._repository, [RefUpdate(ref, old or NO_COMMIT, commit)])
