"""Pull requests that bring files: all are looked at before the first one is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalypso.application.onboarding.plane import Changes
from kalypso.errors import Collector, DeliveryError, Position
from kalypso.forge import WRITER, Place, PullRequest
from kalypso.git import Access, Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one pull request changes."""

    place: Place
    base: str
    head: str
    title: str
    body: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Opened:
    """A pull request, and whether it was there already."""

    addition: Addition
    pull_request: PullRequest
    new: bool


def open_all(additions: Sequence[Addition]) -> list[Opened]:
    """Open the pull requests; one that an earlier try has opened is kept.

    Raises:
        Problems: A branch is in the way: nothing was opened.
        DeliveryError: A repository cannot be written.
    """
    found, ready = Collector(), list[tuple[Addition, Commit, PullRequest | None]]()
    for addition in additions:
        with found.catching():
            ready.append((addition, *_look(addition)))
    found.raise_errors()
    return [_open(addition, base, there) for addition, base, there in ready]


def _look(addition: Addition) -> tuple[Commit, PullRequest | None]:
    repository = addition.place.repository(Access(), WRITER)
    base = repository.commit(repository.snapshot(addition.base).commit)
    pulls = repository.pull_requests(addition.head)
    there = next((p for p in pulls if p.state == "open" and p.base == addition.base), None)
    if there is None and repository.head(addition.head) is not None:
        raise DeliveryError(
            f"the branch {addition.head} exists already",
            Position(addition.place.full_name),
            "it is of an earlier try, or somebody's own: remove it, or rename it",
            code="foreign-head",
        )
    return base, there


def _open(addition: Addition, base: Commit, there: PullRequest | None) -> Opened:
    if there is not None:
        return Opened(addition, there, new=False)
    repository = addition.place.repository(Access(), WRITER)
    changes = {
        path: None if text is None else text.encode() for path, text in addition.changes.items()
    }
    with repository.lock():
        commit = repository.write_commit(base, changes, f"{addition.title}\n")
        repository.move_branch(addition.head, old=None, new=commit)
        pull = repository.create(
            base=addition.base,
            head=addition.head,
            title=addition.title,
            body=addition.body,
            labels=(),
        )
    return Opened(addition, pull, new=True)
