"""What there is of delivery on GitHub, loaded when a repository turns out to be there."""

from __future__ import annotations

from kalypso.delivery.github_place import GitHubPlace
from kalypso.delivery.interface import Review
from kalypso.delivery.issues import IssueTracker
from kalypso.errors import DeliveryError, Position
from kalypso.git.remote import Access


def issues_on_github(place: GitHubPlace, access: Access) -> IssueTracker:
    """Return the issues of a repository.

    Raises:
        DeliveryError: What GitHub needs is missing: a library, or a token.
    """
    try:
        from kalypso.delivery.github_issues import (  # noqa: PLC0415 - the embedded forge needs none of it
            GitHubIssues,
        )
    except ImportError:
        raise no_library(place) from None
    return GitHubIssues(place, access)


def review_on_github(place: GitHubPlace, access: Access) -> Review:
    """Return the pull requests of a repository.

    Raises:
        DeliveryError: What GitHub needs is missing: a library, or a token.
    """
    try:
        from kalypso.delivery.github_review import (  # noqa: PLC0415 - the embedded forge needs none of it
            GitHubReview,
        )
    except ImportError:
        raise no_library(place) from None
    return GitHubReview(place, access)


def no_library(place: GitHubPlace) -> DeliveryError:
    """Return the error that the client library is not installed."""
    return DeliveryError(
        "GitHub needs a library that is not installed",
        Position(str(place)),
        "pip install 'kalypso-on-pulumi[github]'",
        code="no-library",
    )
