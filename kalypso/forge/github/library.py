"""What needs the library of GitHub, loaded when a repository turns out to be there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kalypso.errors import DeliveryError, Position
from kalypso.forge.github.place import App, GitHub, GitHubPlace
from kalypso.forge.interface import Issues, Repository, Review
from kalypso.git.credentials import TokenSource
from kalypso.git.remote import Access
from kalypso.git.write import Writer


def forge_on_github(place: GitHubPlace, access: Access, writer: Writer) -> Repository:
    """Return a repository that a program writes to.

    Raises:
        DeliveryError: What GitHub needs is missing: a library, or a token.
    """
    with _library(str(place)):
        from kalypso.forge.github.repository import GitHubRepository  # noqa: PLC0415 - see above
    return GitHubRepository(place, access, writer=writer)


def issues_on_github(place: GitHubPlace, access: Access) -> Issues:
    """Return the issues of a repository.

    Raises:
        DeliveryError: What GitHub needs is missing: a library, or a token.
    """
    with _library(str(place)):
        from kalypso.forge.github.issues import GitHubIssues  # noqa: PLC0415 - see above
    return GitHubIssues(place, access)


def review_on_github(place: GitHubPlace, access: Access) -> Review:
    """Return the pull requests of a repository.

    Raises:
        DeliveryError: What GitHub needs is missing: a library, or a token.
    """
    with _library(str(place)):
        from kalypso.forge.github.review import GitHubReview  # noqa: PLC0415 - see above
    return GitHubReview(place, access)


def app_tokens(github: GitHub, app: App) -> TokenSource:
    """Return what makes an App's tokens.

    Raises:
        DeliveryError: The library that GitHub needs is missing.
    """
    with _library(github.url):
        from kalypso.forge.github.app import AppTokens  # noqa: PLC0415 - see above
    return AppTokens(github, app)


@contextmanager
def _library(where: str) -> Iterator[None]:
    """Say what to install if an import fails."""
    try:
        yield
    except ImportError:
        raise DeliveryError(
            "GitHub needs a library that is not installed",
            Position(where),
            "pip install 'kalypso-on-pulumi[github]'",
            code="no-library",
        ) from None
