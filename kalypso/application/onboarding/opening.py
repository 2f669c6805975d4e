"""Pull requests that bring files: all are looked at before the first one is opened."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kalypso.application.onboarding.plane import Changes
from kalypso.errors import Collector, DeliveryError, Position
from kalypso.forge import WRITER, Place, PullRequest
from kalypso.git import Access, Commit


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """What one pull request changes."""

    place: Place
    base: str
    head: str
    title: str
    body: str
    changes: Changes


class Opened(msgspec.Struct, frozen=True):
    """A pull request, and whether it was there already."""

    addition: Addition
    pull_request: PullRequest
    new: bool


def open_all(additions: Sequence[Addition]) -> list[Opened]:
    """Open the pull requests; what an earlier try has pushed or opened is kept.

    Raises:
        Problems: A branch is in the way: nothing was opened.
        DeliveryError: A repository cannot be written.
    """
    found, ready = Collector(), list[_Ready]()
    for addition in additions:
        with found.catching():
            ready.append(_look(addition))
    found.raise_errors()
    return [_open(each) for each in ready]


class _Ready(msgspec.Struct, frozen=True):
    """What is known of an addition before anything is written."""

    addition: Addition
    base: Commit
    pushed: bool
    """Whether the branch is there with exactly these changes."""
    there: PullRequest | None


def _look(addition: Addition) -> _Ready:
    repository = addition.place.repository(Access(), WRITER)
    base = repository.snapshot(addition.base)
    pulls = repository.pull_requests(addition.head)
    there = next((p for p in pulls if p.state == "open" and p.base == addition.base), None)
    exists = repository.head(addition.head) is not None
    wanted = {**base.files, **_contents(addition)}
    pushed = exists and dict(repository.snapshot(addition.head).files) == {
        path: content for path, content in wanted.items() if content is not None
    }
    if there is None and exists and not pushed:
        raise DeliveryError(
            f"the branch {addition.head} exists already",
            Position(addition.place.full_name),
            "it is of an earlier try, or somebody's own: remove it, or rename it",
            code="foreign-head",
        )
    return _Ready(addition, repository.commit(base.commit), pushed, there)


def _open(ready: _Ready) -> Opened:
    addition = ready.addition
    if ready.there is not None:
        return Opened(addition, ready.there, new=False)
    repository = addition.place.repository(Access(), WRITER)
    with repository.lock():
        if not ready.pushed:
            commit = repository.write_commit(ready.base, _contents(addition), f"{addition.title}\n")
            repository.move_branch(addition.head, old=None, new=commit)
        pull = repository.create(
            base=addition.base,
            head=addition.head,
            title=addition.title,
            body=addition.body,
            labels=(),
        )
    return Opened(addition, pull, new=True)


def _contents(addition: Addition) -> dict[str, bytes | None]:
    changes = addition.changes
    return {path: None if text is None else text.encode() for path, text in changes.items()}
