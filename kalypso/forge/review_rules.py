"""What may be done with a pull request in which state: the same on every forge."""

from __future__ import annotations

from collections.abc import Iterable

from kalypso.errors import DeliveryError, Position
from kalypso.forge.interface import PullRequest, State


def no_pull_request(number: int, place: str) -> DeliveryError:
    """Return the error that there is no pull request of a number."""
    return DeliveryError(
        f"there is no pull request {number}",
        Position(place),
        "see `kalypso pr list --all`",
        code="no-pull-request",
    )


def no_issue(number: int, place: str) -> DeliveryError:
    """Return the error that there is no issue of a number."""
    return DeliveryError(
        f"there is no issue {number}",
        Position(place),
        "see `kalypso issues list --all`",
        code="no-issue",
    )


def refuse_unless_open(pull: PullRequest, wanted: State, place: str) -> None:
    """Refuse to merge or close what is not open.

    Raises:
        DeliveryError: The pull request is merged or closed.
    """
    if pull.state != "open":
        hint = f"`kalypso pr reopen {pull.number}` opens it" if pull.state == "closed" else ""
        why = "already" if pull.state == wanted else f"and cannot be {wanted}"
        raise DeliveryError(
            f"pull request {pull.number} is {pull.state} {why}",
            Position(place),
            hint,
            code="not-open",
        )


def refuse_merged(pull: PullRequest, place: str) -> None:
    """Refuse to open again what is merged.

    Raises:
        DeliveryError: The pull request is merged.
    """
    if pull.state == "merged":
        raise DeliveryError(
            f"pull request {pull.number} is merged",
            Position(place),
            "revert it with a new change",
            code="merged",
        )


def refuse_second(pulls: Iterable[PullRequest], base: str, head: str, place: str) -> None:
    """Refuse to open a pull request between branches between which one is open.

    Raises:
        DeliveryError: A pull request between these branches is open.
    """
    for pull in pulls:
        if pull.state == "open" and (pull.base, pull.head) == (base, head):
            raise DeliveryError(
                f"pull request {pull.number} from {head} to {base} is open already",
                Position(place),
                f"see `kalypso pr show {pull.number}`",
                code="second-pull-request",
            )
