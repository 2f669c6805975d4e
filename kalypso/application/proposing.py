"""One living pull request for each application and branch: all are checked before one is opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec

from kalypso.application.planning import Delivery, compared, deliveries_of, proposal_for
from kalypso.application.registry import check_images
from kalypso.application.rendering import Application
from kalypso.application.wording import deployment_of, wording_for
from kalypso.delivery import Proposal, Standing, deliver, examine, is_proposal
from kalypso.errors import Collector, DeliveryError, Position
from kalypso.forge import WRITER, Person, Place, PullRequest
from kalypso.git import Access
from kalypso.report import Deployment

_PASSING = frozenset({"busy", "github-answer", "moved", "unreachable"})
"""Codes of what a later try may not meet again."""
FindPlace = Callable[[str], Place]
"""Returns the repository at an address; raises `KalypsoError` if no forge has it."""


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """What would be proposed to one branch."""

    delivery: Delivery
    deployment: Deployment
    place: Place
    proposal: Proposal
    standing: Standing


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it."""

    planned: Planned
    step: str
    """A step of `kalypso.delivery`, or ``merged``."""
    pull_request: PullRequest | None


def plan_proposals(
    application: Application,
    find: FindPlace,
    *,
    removable: Collection[str] = (),
    registry: bool = True,
) -> list[Planned]:
    """Find out what would be proposed; writes nothing.

    Args:
        application: Rendered for an environment.
        find: Finds the application's GitOps repository.
        removable: Targets whose folders may go.
        registry: Whether registries are asked if they have the exact images.

    Raises:
        KalypsoError: A branch cannot be read or written: the problems of all of them.
    """
    found, planned = Collector(), list[Planned]()
    for delivery in deliveries_of(application):
        with found.catching():
            planned.append(_plan(application, delivery, find, removable))
    with found.catching():
        if registry and any(each.delivery.files for each in planned):
            check_images(application.images.values())
    found.raise_errors()
    return planned


def _plan(
    application: Application, delivery: Delivery, find: FindPlace, removable: Collection[str]
) -> Planned:
    place = find(delivery.repository)
    repository = place.repository(Access(), WRITER)
    snapshot = repository.snapshot(delivery.branch)
    name = f"{place.full_name}@{delivery.branch}"
    delivery = compared(delivery, snapshot.files, name, removable)
    deployment = deployment_of(application, delivery)
    wording = (
        wording_for(deployment, delivery, snapshot.commit, place.forge.longest_body)
        if delivery.files
        else None
    )
    proposal = proposal_for(delivery, wording)
    return Planned(
        delivery=delivery,
        deployment=deployment,
        place=place,
        proposal=proposal,
        standing=examine(repository, proposal),
    )


def propose(planned: Sequence[Planned], person: Person, *, merge: bool) -> list[Proposed]:
    """Open or update the pull request of each branch; merge them when all are open.

    Raises:
        Problems: Branches into which people alone may merge; their pull requests stay open.
        DeliveryError: A branch cannot be written.
    """
    done: list[Proposed] = []
    for each in planned:
        standing = deliver(each.place.repository(Access(), WRITER), each.proposal)
        done.append(Proposed(planned=each, step=standing.step, pull_request=standing.pull_request))
    if not merge:
        return done
    found, merged = Collector(), list[Proposed]()
    for one in done:
        with found.catching():
            merged.append(_merged(one, person))
    found.raise_errors()
    return merged


def _merged(proposed: Proposed, person: Person) -> Proposed:
    pull, place = proposed.pull_request, proposed.planned.place
    if pull is None or proposed.step not in {"open", "replace", "keep"}:
        return proposed
    review = place.review(Access(), person)
    try:
        with review.lock():
            done = review.merge(pull.number, is_proposal)
    except DeliveryError as error:
        if error.problem.code in _PASSING:
            raise
        raise DeliveryError(
            f"pull request {pull.number} is open and cannot be merged into {pull.base}:"
            f" {error.problem.message}",
            Position(place.full_name),
            "let a person merge it, or let this user merge in the rules of the branch",
            code="not-merged",
        ) from None
    return Proposed(planned=proposed.planned, step="merged", pull_request=done)
