"""What an environment branch was last made of, as far as commits of ours tell."""

from __future__ import annotations

from kalypso.delivery.marker import head_of, mark_of
from kalypso.errors import SourceError
from kalypso.forge import Repository
from kalypso.model import Provenance, Unreadable, parse_provenance


def last_delivered(repository: Repository, environment: str, branch: str) -> Provenance | None:
    """Return what the newest merged pull request of ours was made of.

    Returns:
        None if there is none, its commit cannot be read, or it says nothing that is understood.

    Raises:
        DeliveryError: The pull requests cannot be read.
    """
    for pull in repository.pull_requests(head_of(environment)):
        if pull.state != "merged" or mark_of(pull, environment, branch) is None:
            continue
        try:
            return parse_provenance(repository.commit(pull.head_commit).message)
        except (SourceError, Unreadable):
            return None
    return None
