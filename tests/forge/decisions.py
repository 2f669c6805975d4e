"""What a person decides about a pull request, by the name of the decision."""

from kalypso.delivery.marker import is_proposal
from kalypso.forge.interface import Review


def decide(review: Review, what: str, number: int) -> None:
    """Do with a pull request what the command of this name does."""
    rules = (is_proposal,) if what == "merge" else ()
    getattr(review, what)(number, *rules)
