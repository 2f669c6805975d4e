"""At most one living pull request of ours per environment: what a run finds, and does.

| the branch, when a run starts                          | step          |
| ------------------------------------------------------ | ------------- |
| equals the wanted files, nothing of ours is open       | `nothing`     |
| equals the wanted files, ours is open or its head left | `withdraw`    |
| differs, no pull request of ours is open               | `open`        |
| differs, ours is open with other content or parent     | `replace`     |
| differs, ours is open with exactly this                | `keep`        |
| differs, a person closed ours with exactly this        | `stay-closed` |

A branch that does not exist is an error. What is not ours is never touched. Commits and
heads are written before the pull request is, and what is no longer needed goes last;
so a run that is killed leaves nothing that the next one does not put right.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from kalypso.delivery.marker import Mark, head_of, is_our_commit, mark_of
from kalypso.delivery.proposal import Proposal, Totals, totals_of
from kalypso.errors import DeliveryError, Position
from kalypso.forge import PullRequest, Repository
from kalypso.git import (
    Commit,
    RefMoved,
    as_whole,
    check_complete,
    differs_at,
    has_object,
    tree_with,
)
from kalypso.model import TRACKING

# A day of the environment `dev`, with one run an hour. The head branch is `kalypso/dev`.
#
#   09:00  the model changes            differs, nothing is open         `open`: #1, commit a1 on b1
#   10:00  nobody has looked            #1 is a1 on b1, and still right  `keep`: writes nothing
#   11:00  the model changes again      #1 has other content             `replace`: #1 is a2 on b1
#   12:00  someone merged a hotfix      the branch is b2, a2 is on b1    `replace`: #1 is a3 on b2
#   13:00  someone closed #1            closed with exactly this         `stay-closed`: no means no
#   14:00  the model changes again      closed with other content        `open`: #2, commit a4
#   15:00  someone reverts the model    equals, #2 is open               `withdraw`: #2 is closed
#
# How 13:00 differs from a pull request that Kalypso closed itself: `_close` first writes into the
# text of #2 that it is superseded. If the run is killed between the two, #2 is open and marked, and
# the next run closes it. The other way round it would be closed unmarked, and look like 13:00.
#
# Two runs at once: both read b1 and the head a1. The first moves the head from a1 to a2. The second
# asks to move it from a1 as well, is refused with RefMoved, and starts over from what is there now.

Step = Literal["nothing", "withdraw", "open", "replace", "keep", "stay-closed"]
_ATTEMPTS = 4


class Standing(msgspec.Struct, frozen=True):
    """What a run finds, and the step that it therefore takes."""

    step: Step
    branch: Commit
    """The environment branch as it is."""
    whole: str
    """What the tree of the branch shall be."""
    pull_request: PullRequest | None
    """Ours that is open, or that a person closed; else None."""
    head: Commit | None
    """Where our head branch is, if there is one."""

    @property
    def settled(self) -> bool:
        """Whether the step changes nothing."""
        return self.step in {"nothing", "keep", "stay-closed"}


class OwnPullRequests(msgspec.Struct, frozen=True):
    """Pull requests of ours for one environment."""

    open: tuple[PullRequest, ...]
    """Newest first. More than one only after an accident."""
    latest: PullRequest | None
    """The newest of any state."""
    head: Commit | None


def find_ours(repository: Repository, environment: str, branch: str) -> OwnPullRequests:
    """Find what we have proposed for an environment so far.

    Raises:
        DeliveryError: The head branch exists, and nothing says that it is ours.
    """
    pulls = [
        p for p in repository.pull_requests(head_of(environment)) if mark_of(p, environment, branch)
    ]
    head = repository.head(head_of(environment))
    if head and not pulls and not is_our_commit(head, environment):
        raise DeliveryError(
            f"the branch {head_of(environment)} exists already and was not made by Kalypso",
            Position(repository.name),
            "rename or remove it; Kalypso keeps its proposal for the environment there",
            code="foreign-head",
        )
    alive = tuple(p for p in pulls if p.state == "open")
    return OwnPullRequests(alive, pulls[0] if pulls else None, head)


def examine(repository: Repository, proposal: Proposal) -> Standing:
    """Find out what a delivery would do; writes nothing.

    Raises:
        SourceError: The repository or the branch cannot be read.
        DeliveryError: Our head branch is somebody else's.
    """
    branch = _branch(repository, proposal.branch)
    whole = proposal.whole if proposal.parent == branch.commit else ""
    if not whole:
        whole = repository.reading(branch.commit, lambda folder: _merged(folder, branch, proposal))
    own = find_ours(repository, proposal.environment, proposal.branch)
    pull = own.open[0] if own.open else None
    found = Standing("nothing", branch, whole, pull, own.head)
    if whole == branch.tree:
        stale = pull or (own.head and not _may_be_reopened(own, proposal))
        return replace(found, step="withdraw") if stale else found
    if pull is None:
        rejected = own.latest if _is_rejected(own.latest, proposal) else None
        step: Step = "stay-closed" if rejected else "open"
        return replace(found, step=step, pull_request=rejected)
    same = len(own.open) == 1 and _proposes(repository, pull, proposal, found)
    return replace(found, step="keep" if same else "replace")


def _branch(repository: Repository, branch: str) -> Commit:
    commit = repository.head(branch)
    if commit is None:  # reading it says why
        commit = repository.commit(repository.snapshot(branch).commit)
    return commit


def _merged(folder: Path, branch: Commit, proposal: Proposal) -> str:
    """Write the tree that a branch becomes when the proposal is merged."""
    changes = proposal.planner(folder, branch.commit, proposal.tree)
    new = {path: change.after for path, change in changes.items()}
    return tree_with(folder, branch.tree, new)


def deliver(repository: Repository, proposal: Proposal) -> Standing:
    """Do what the table above says.

    Returns:
        What was found, with the pull request as it is now.

    Raises:
        SourceError: The repository or the branch cannot be read.
        DeliveryError: The repository cannot be written, or others kept changing it.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with repository.lock():
                standing = examine(repository, proposal)
                if standing.step == "withdraw":
                    _withdraw(repository, proposal.environment, proposal.branch)
                elif standing.step in {"open", "replace"}:
                    return _propose(repository, proposal, standing)
                return standing
        except RefMoved:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def withdraw(repository: Repository, environment: str, branch: str) -> None:
    """Close what we have open for an environment and remove its head; its branch stays."""
    with repository.lock():
        _withdraw(repository, environment, branch)


def _withdraw(repository: Repository, environment: str, branch: str) -> None:
    own = find_ours(repository, environment, branch)
    for pull in own.open:
        _close(repository, pull, environment, branch)
    if own.head:
        repository.move_branch(head_of(environment), old=own.head.commit, new=None)


def _propose(repository: Repository, proposal: Proposal, standing: Standing) -> Standing:
    parent = repository.head(proposal.branch)
    if parent is None or parent.commit != standing.branch.commit:
        raise RefMoved(
            "the environment branch changed while it was read", Position(repository.name)
        )
    whole, changes = repository.reading(
        parent.commit, lambda folder: _ready(folder, proposal, standing)
    )
    message = proposal.message(parent.commit, changes)
    commit = repository.write_commit(parent, as_whole(whole), message, known=standing.head)
    head = head_of(proposal.environment)
    old = standing.head.commit if standing.head else None
    if commit != old:
        repository.move_branch(head, old=old, new=commit)
    own = find_ours(repository, proposal.environment, proposal.branch)
    texts = {
        "title": proposal.title(parent.commit),
        "body": proposal.body(parent.commit, changes, commit),
    }
    labels = proposal.labels(promotes=_promotes(repository, standing))
    if own.open:
        kept, *others = own.open
        repository.edit(kept.number, **texts, labels=labels)
    else:
        others = []
        kept = repository.create(base=proposal.branch, head=head, **texts, labels=labels)
    for pull in others:
        _close(repository, pull, proposal.environment, proposal.branch)
    now = find_ours(repository, proposal.environment, proposal.branch)
    if now.head is None or now.head.commit != commit:  # its text would describe another content
        raise RefMoved("another run moved the head meanwhile", Position(repository.name))
    shown = next((p for p in now.open if p.number == kept.number), kept)
    return replace(standing, pull_request=shown, head=now.head)


def _ready(folder: Path, proposal: Proposal, standing: Standing) -> tuple[str, Totals]:
    """Have the tree of the branch as it shall be, with all its files; count what it changes."""
    branch, whole = standing.branch, standing.whole
    if not has_object(folder, whole):
        whole = _merged(folder, branch, proposal)
    check_complete(folder, whole, branch.tree)
    return whole, totals_of(folder, branch.tree, whole)


def _close(repository: Repository, pull: PullRequest, environment: str, branch: str) -> None:
    mark = mark_of(pull, environment, branch)
    if mark:  # told before it is done, so that a closed one never looks rejected by a person
        body = Mark(environment, mark.content, superseded=True).put_into(pull.body)
        repository.edit(pull.number, title=pull.title, body=body, labels=pull.labels)
    repository.close(pull.number)


def _may_be_reopened(own: OwnPullRequests, proposal: Proposal) -> bool:
    """Return whether a person closed the last pull request and may still want its head."""
    if own.latest is None or own.latest.state != "closed":
        return False
    mark = mark_of(own.latest, proposal.environment, proposal.branch)
    return mark is not None and not mark.superseded


def _is_rejected(pull: PullRequest | None, proposal: Proposal) -> bool:
    if pull is None or pull.state != "closed":
        return False
    mark = mark_of(pull, proposal.environment, proposal.branch)
    return mark is not None and not mark.superseded and mark.content == proposal.content


def _proposes(
    repository: Repository, pull: PullRequest, proposal: Proposal, standing: Standing
) -> bool:
    """Return whether a pull request is one commit with exactly the wanted files on the branch."""
    head, branch = standing.head, standing.branch
    mark = mark_of(pull, proposal.environment, proposal.branch)
    if mark is None or mark.content != proposal.content or mark.superseded:
        return False
    if head is None or head.parents != (branch.commit,) or head.tree != standing.whole:
        return False
    labels = proposal.labels(promotes=_promotes(repository, standing))
    return set(labels) <= set(pull.labels)


def _promotes(repository: Repository, standing: Standing) -> bool:
    branch, whole = standing.branch, standing.whole
    return repository.reading(
        branch.commit, lambda folder: differs_at(folder, branch.tree, whole, TRACKING)
    )
