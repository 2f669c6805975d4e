"""One living pull request for each application and branch: all are checked before one is opened."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from kalypso.application.planning import Delivery, compared, deliveries_of, proposal_for
from kalypso.application.registry import check_images
from kalypso.application.rendering import Application
from kalypso.application.wording import deployment_of, wording_for
from kalypso.delivery import Proposal, Standing, deliver, examine, is_proposal
from kalypso.errors import Collector
from kalypso.forge import WRITER, Person, Place, PullRequest
from kalypso.git import Access
from kalypso.report import Deployment

FindPlace = Callable[[str], Place]
"""Returns the repository at an address; raises `KalypsoError` if no forge has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What would be proposed to one branch."""

    delivery: Delivery
    deployment: Deployment
    place: Place
    proposal: Proposal
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
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
        KalypsoError: Everything that is wrong with any of the branches.
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


def propose(planned: Planned, person: Person, *, merge: bool) -> Proposed:
    """Open or update the pull request of a branch, and merge it if that is wanted.

    Raises:
        DeliveryError: It cannot be written or merged.
    """
    standing = deliver(planned.place.repository(Access(), WRITER), planned.proposal)
    pull, step = standing.pull_request, str(standing.step)
    if merge and pull and standing.step in {"open", "replace", "keep"}:
        review = planned.place.review(Access(), person)
        with review.lock():
            pull = review.merge(pull.number, is_proposal)
        step = "merged"
    return Proposed(planned=planned, step=step, pull_request=pull)
